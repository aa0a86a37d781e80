import type { LiveLines } from "@encounter/core/wire/live";
import type { DeviceTable } from "../live/device-table.ts";
import { isNear, type Thresholds } from "../live/floor-view.ts";

/** Two devices that became a contact: an interval that reached the minutes of one. */
export interface ContactEvent {
  /** The two names and the minute in which they came near, which no other event has. */
  readonly id: string;
  readonly device: string;
  readonly other: string;
  readonly startMinute: number;
  /** Minutes so far, or in the end. */
  readonly minutes: number;
  readonly certain: boolean;
  readonly ended: boolean;
}

/** More than these are of no use to anybody; the oldest go first. */
const MOST_EVENTS = 500;

/**
 * Tells from one look at the live lines to the next which pairs became contacts and which ended. Pairs are known by
 * name, so that it goes on over a snapshot that numbers devices anew.
 */
export class ContactEvents {
  /** The newest first. */
  events: readonly ContactEvent[] = [];
  /** What goes on, by the two devices' indices. */
  private going = new Map<number, ContactEvent>();
  private names: readonly string[] | null = null;
  private seen: LiveLines | null = null;
  private began = false;

  /** Forgets everything: another venue, or another measure. */
  restart(): void {
    this.events = [];
    this.going = new Map();
    this.names = null;
    this.seen = null;
    this.began = false;
  }

  /**
   * Looks at the lines.
   * @returns what became a contact since the last look; nothing at the first, for that is how one found it
   */
  look(table: DeviceTable, thresholds: Thresholds): ContactEvent[] {
    // Lines are replaced, not changed.
    if (this.seen === table.lines && this.names === table.names) return [];
    const former = this.names === table.names ? null : byId(this.going);
    const going = new Map<number, ContactEvent>();
    const fresh: ContactEvent[] = [];
    const { lines } = table;
    let changed = false;
    for (let line = 0; line < lines.count; line++) {
      if (lines.minutes[line]! < thresholds.minMinutes || !isNear(lines, line, thresholds)) continue;
      const key = keyOf(lines.a[line]!, lines.b[line]!);
      const known = this.eventOf(key, table, line, former);
      const event = updated(known ?? freshEvent(table, line), lines, line, thresholds);
      going.set(key, event);
      if (known === undefined) fresh.push(event);
      changed ||= event !== known;
    }
    changed ||= going.size !== this.going.size;
    this.going = going;
    this.names = table.names;
    this.seen = lines;
    if (changed) this.fold(table, fresh);
    const told = this.began ? fresh : [];
    this.began = true;
    return told;
  }

  /**
   * The event that a line goes on with, if any.
   * @param former what went on, by id, where devices have other indices now
   */
  private eventOf(
    key: number,
    table: DeviceTable,
    line: number,
    former: ReadonlyMap<string, ContactEvent> | null,
  ): ContactEvent | undefined {
    const startMinute = startOf(table, line);
    // The newest minute of the lines may be one ahead of the one that the frame names: the start may seem to move.
    if (former === null) {
      const known = this.going.get(key);
      return known !== undefined && Math.abs(known.startMinute - startMinute) <= 1 ? known : undefined;
    }
    const { device, other } = freshEvent(table, line);
    const ids = [startMinute, startMinute - 1, startMinute + 1].map((minute) => idOf(device, other, minute));
    return ids.map((id) => former.get(id)).find((event) => event !== undefined);
  }

  private fold(table: DeviceTable, fresh: readonly ContactEvent[]): void {
    const known = this.events.map((event) => (event.ended ? event : this.goneOn(table, event)));
    this.events = [...fresh, ...known].slice(0, MOST_EVENTS);
  }

  private goneOn(table: DeviceTable, event: ContactEvent): ContactEvent {
    const a = table.indexOf(event.device);
    const b = table.indexOf(event.other);
    const found = [this.going.get(keyOf(a, b)), this.going.get(keyOf(b, a))].find((each) => each?.id === event.id);
    return found ?? { ...event, ended: true };
  }
}

function keyOf(a: number, b: number): number {
  return a * 2 ** 26 + b;
}

function idOf(device: string, other: string, startMinute: number): string {
  return `${device}\n${other}\n${startMinute}`;
}

function startOf({ lines, minute }: DeviceTable, line: number): number {
  return minute - lines.minutes[line]! + 1;
}

function freshEvent(table: DeviceTable, line: number): ContactEvent {
  const { lines, names } = table;
  const startMinute = startOf(table, line);
  const [device, other] = [names[lines.a[line]!] ?? "", names[lines.b[line]!] ?? ""].sort() as [string, string];
  return { id: idOf(device, other, startMinute), device, other, startMinute, minutes: 0, certain: false, ended: false };
}

function byId(events: ReadonlyMap<number, ContactEvent>): Map<string, ContactEvent> {
  return new Map([...events.values()].map((event) => [event.id, event]));
}

function updated(event: ContactEvent, lines: LiveLines, line: number, { proximityDm }: Thresholds): ContactEvent {
  const minutes = lines.minutes[line]!;
  const certain = lines.reachDm[line]! <= proximityDm;
  return event.minutes === minutes && event.certain === certain ? event : { ...event, minutes, certain };
}
