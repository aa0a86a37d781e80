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
  private going = new Map<string, ContactEvent>();
  private indexed = new Map<number, ContactEvent>();
  private names: readonly string[] | null = null;
  private began = false;

  /** Forgets everything: another venue, or another measure. */
  restart(): void {
    this.events = [];
    this.going = new Map();
    this.indexed = new Map();
    this.names = null;
    this.began = false;
  }

  /**
   * Looks at the lines.
   * @returns what became a contact since the last look; nothing at the first, for that is how one found it
   */
  look(table: DeviceTable, thresholds: Thresholds): ContactEvent[] {
    // A snapshot brings a new list of names.
    if (this.names !== table.names) this.indexed = new Map();
    this.names = table.names;
    const going = new Map<string, ContactEvent>();
    const indexed = new Map<number, ContactEvent>();
    const fresh: ContactEvent[] = [];
    const { lines } = table;
    for (let line = 0; line < lines.count; line++) {
      if (lines.minutes[line]! < thresholds.minMinutes || !isNear(lines, line, thresholds)) continue;
      const before = this.eventOf(table, line);
      const event = updated(before.event, lines, line, thresholds);
      going.set(event.id, event);
      indexed.set(before.key, event);
      if (!this.going.has(event.id)) fresh.push(event);
    }
    const changed = fresh.length > 0 || this.hasChanged(going);
    if (changed) this.fold(going, fresh);
    this.going = going;
    this.indexed = indexed;
    const told = this.began ? fresh : [];
    this.began = true;
    return told;
  }

  /** The event that a line belongs to: that of the last look while it goes on, else a new one. */
  private eventOf(table: DeviceTable, line: number): { key: number; event: ContactEvent } {
    const { lines, minute } = table;
    const a = lines.a[line]!;
    const b = lines.b[line]!;
    const key = a * 2 ** 26 + b;
    const startMinute = minute - lines.minutes[line]! + 1;
    const known = this.indexed.get(key);
    // The newest minute of the lines may be one ahead of the one that the frame names: the start may seem to move.
    if (known !== undefined && Math.abs(known.startMinute - startMinute) <= 1) return { key, event: known };
    const [device, other] = [table.names[a] ?? "", table.names[b] ?? ""].sort() as [string, string];
    const found = this.findGoing(device, other, startMinute);
    const id = `${device}\n${other}\n${startMinute}`;
    const fresh = { id, device, other, startMinute, minutes: 0, certain: false, ended: false };
    return { key, event: found ?? fresh };
  }

  private findGoing(device: string, other: string, startMinute: number): ContactEvent | undefined {
    for (const minute of [startMinute, startMinute - 1, startMinute + 1]) {
      const event = this.going.get(`${device}\n${other}\n${minute}`);
      if (event !== undefined) return event;
    }
    return undefined;
  }

  private hasChanged(going: ReadonlyMap<string, ContactEvent>): boolean {
    if (going.size !== this.going.size) return true;
    for (const [id, event] of going) if (this.going.get(id) !== event) return true;
    return false;
  }

  private fold(going: ReadonlyMap<string, ContactEvent>, fresh: readonly ContactEvent[]): void {
    const known = this.events.map((event) => {
      if (event.ended) return event;
      return going.get(event.id) ?? { ...event, ended: true };
    });
    this.events = [...fresh, ...known].slice(0, MOST_EVENTS);
  }
}

function updated(event: ContactEvent, lines: LiveLines, line: number, { proximityDm }: Thresholds): ContactEvent {
  const minutes = lines.minutes[line]!;
  const certain = lines.reachDm[line]! <= proximityDm;
  return event.minutes === minutes && event.certain === certain ? event : { ...event, minutes, certain };
}
