import type { LiveLines } from "@encounter/core/wire/live";
import type { DeviceTable } from "./device-table.ts";

/** What decides how a device or a pair is shown. */
export interface Thresholds {
  /** A device without a fix for longer is stale and fades; ms. */
  readonly staleMs: number;
  /** A device without a fix for longer has left; ms. */
  readonly leaveMs: number;
  /** A pair is in contact from so many minutes on; below, it is merely near. */
  readonly minMinutes: number;
  /** A pair is near where its gap is no more than this, certainly so where its reach is; dm. */
  readonly proximityDm: number;
  /** Whether only certainly near pairs count. */
  readonly certain: boolean;
}

/** The venue in numbers, all floors together. Pairs of which one device has left are not counted. */
export interface Summary {
  readonly devices: number;
  /** Devices with at least one pair in contact. */
  readonly inContact: number;
  readonly stale: number;
  readonly contactLines: number;
  readonly nearLines: number;
  /** Devices on each floor that has any. */
  readonly floors: ReadonlyMap<number, number>;
}

/** How a device is doing, by rising weight: a heavier one is drawn above. */
export const ALONE = 0;
export const NEAR = 1;
export const CONTACT = 2;
export type Standing = typeof ALONE | typeof NEAR | typeof CONTACT;

/** Whether a pair is near by the measure in force: what is known of pairs may reach further. */
export function isNear(lines: LiveLines, line: number, { proximityDm, certain }: Thresholds): boolean {
  return (certain ? lines.reachDm[line]! : lines.gapDm[line]!) <= proximityDm;
}

const ABSENT = 0;
const PRESENT = 1;
const STALE = 2;
const STANDINGS = 3;

/**
 * What is shown of a {@link DeviceTable} at one time on one floor. Devices get consecutive slots, those of more
 * weight later; lines name slots. The columns are reused from one {@link build} to the next.
 */
export class FloorView {
  count = 0;
  /** By slot: the device's index in the table. */
  device = new Uint32Array(0);
  /** By slot. */
  standing = new Uint8Array(0);
  /** By slot: 1 where stale. */
  stale = new Uint8Array(0);
  lineCount = 0;
  /** By line: slots of its two devices. */
  lineA = new Uint32Array(0);
  lineB = new Uint32Array(0);
  lineMinutes = new Uint16Array(0);
  /** By line: 1 where it is a contact. */
  lineContact = new Uint8Array(0);
  /** By line: 1 where the two are certainly near. */
  lineCertain = new Uint8Array(0);
  summary: Summary = { devices: 0, inContact: 0, stale: 0, contactLines: 0, nearLines: 0, floors: new Map() };

  /** By device: absent, present or stale, on whatever floor. */
  private presence = new Uint8Array(0);
  private standingOf = new Uint8Array(0);
  private contactsOf = new Uint16Array(0);
  private slotOf = new Int32Array(0);

  /** Whether a device is on any floor now. */
  isPresent(device: number): boolean {
    return (this.presence[device] ?? ABSENT) !== ABSENT;
  }

  isStale(device: number): boolean {
    return this.presence[device] === STALE;
  }

  standingOfDevice(device: number): Standing {
    return (this.standingOf[device] ?? ALONE) as Standing;
  }

  /** How many others a device is in contact with. */
  contactCount(device: number): number {
    return this.contactsOf[device] ?? 0;
  }

  /** The slot of a device on this floor, or -1. */
  slot(device: number): number {
    return this.slotOf[device] ?? -1;
  }

  /**
   * Looks at a floor.
   * @param serverNowMs the server's clock, by which fixes age
   */
  build(table: DeviceTable, floor: number, thresholds: Thresholds, serverNowMs: number): void {
    this.reserve(table.eastM.length);
    const floors = new Map<number, number>();
    const { devices, stale } = this.markPresence(table, thresholds, serverNowMs, floors);
    const lines = this.markStandings(table, thresholds);
    this.fillSlots(table, floor);
    this.fillLines(table, floor, thresholds);
    this.summary = { devices, stale, ...lines, floors };
  }

  private markPresence(
    table: DeviceTable,
    thresholds: Thresholds,
    nowMs: number,
    floors: Map<number, number>,
  ): { devices: number; stale: number } {
    let devices = 0;
    let stale = 0;
    for (let device = 0; device < table.count; device++) {
      const ageMs = nowMs - table.fixTimeMs[device]!;
      const left = table.fixTimeMs[device] === 0 || ageMs > thresholds.leaveMs;
      const presence = left ? ABSENT : ageMs > thresholds.staleMs ? STALE : PRESENT;
      this.presence[device] = presence;
      if (presence === ABSENT) continue;
      devices++;
      if (presence === STALE) stale++;
      const floor = table.floor[device]!;
      floors.set(floor, (floors.get(floor) ?? 0) + 1);
    }
    return { devices, stale };
  }

  private markStandings(
    table: DeviceTable,
    thresholds: Thresholds,
  ): { inContact: number; contactLines: number; nearLines: number } {
    const { lines } = table;
    this.standingOf.fill(ALONE, 0, table.count);
    this.contactsOf.fill(0, 0, table.count);
    let contactLines = 0;
    let nearLines = 0;
    for (let line = 0; line < lines.count; line++) {
      const a = lines.a[line]!;
      const b = lines.b[line]!;
      if (!this.bothPresent(a, b) || !isNear(lines, line, thresholds)) continue;
      const contact = lines.minutes[line]! >= thresholds.minMinutes;
      if (contact) {
        contactLines++;
        this.contactsOf[a]!++;
        this.contactsOf[b]!++;
      } else nearLines++;
      const standing = contact ? CONTACT : NEAR;
      if (this.standingOf[a]! < standing) this.standingOf[a] = standing;
      if (this.standingOf[b]! < standing) this.standingOf[b] = standing;
    }
    let inContact = 0;
    for (let device = 0; device < table.count; device++) if (this.standingOf[device] === CONTACT) inContact++;
    return { inContact, contactLines, nearLines };
  }

  private bothPresent(a: number, b: number): boolean {
    return (this.presence[a] ?? ABSENT) !== ABSENT && (this.presence[b] ?? ABSENT) !== ABSENT;
  }

  /** A counting sort by weight: stale ones first among their like. */
  private fillSlots(table: DeviceTable, floor: number): void {
    const starts = new Uint32Array(STANDINGS * 2 + 1);
    for (let device = 0; device < table.count; device++) {
      if (this.isOn(table, device, floor)) starts[this.weight(device) + 1]!++;
    }
    for (let weight = 1; weight < starts.length; weight++) starts[weight]! += starts[weight - 1]!;
    this.count = starts[starts.length - 1]!;
    for (let device = 0; device < table.count; device++) {
      if (!this.isOn(table, device, floor)) {
        this.slotOf[device] = -1;
        continue;
      }
      const slot = starts[this.weight(device)]!++;
      this.slotOf[device] = slot;
      this.device[slot] = device;
      this.standing[slot] = this.standingOf[device]!;
      this.stale[slot] = this.presence[device] === STALE ? 1 : 0;
    }
  }

  private isOn(table: DeviceTable, device: number, floor: number): boolean {
    return this.presence[device] !== ABSENT && table.floor[device] === floor;
  }

  private weight(device: number): number {
    return this.standingOf[device]! * 2 + (this.presence[device] === STALE ? 0 : 1);
  }

  /** A line is drawn where both of its ends are; contacts come last, above the rest. */
  private fillLines(table: DeviceTable, floor: number, thresholds: Thresholds): void {
    const { lines } = table;
    this.reserveLines(lines.count);
    this.lineCount = 0;
    for (const contacts of [false, true]) {
      for (let line = 0; line < lines.count; line++) {
        if (lines.minutes[line]! >= thresholds.minMinutes !== contacts || !isNear(lines, line, thresholds)) continue;
        const slotA = this.slotAt(table, lines.a[line]!, floor);
        const slotB = this.slotAt(table, lines.b[line]!, floor);
        if (slotA < 0 || slotB < 0) continue;
        const at = this.lineCount++;
        this.lineA[at] = slotA;
        this.lineB[at] = slotB;
        this.lineMinutes[at] = lines.minutes[line]!;
        this.lineContact[at] = contacts ? 1 : 0;
        this.lineCertain[at] = lines.reachDm[line]! <= thresholds.proximityDm ? 1 : 0;
      }
    }
  }

  private slotAt(table: DeviceTable, device: number, floor: number): number {
    return device < table.count && this.isOn(table, device, floor) ? this.slotOf[device]! : -1;
  }

  private reserve(size: number): void {
    if (size <= this.presence.length) return;
    this.device = new Uint32Array(size);
    this.standing = new Uint8Array(size);
    this.stale = new Uint8Array(size);
    this.presence = new Uint8Array(size);
    this.standingOf = new Uint8Array(size);
    this.contactsOf = new Uint16Array(size);
    this.slotOf = new Int32Array(size).fill(-1);
  }

  private reserveLines(size: number): void {
    if (size <= this.lineA.length) return;
    const room = Math.max(1_024, 2 ** Math.ceil(Math.log2(size)));
    this.lineA = new Uint32Array(room);
    this.lineB = new Uint32Array(room);
    this.lineMinutes = new Uint16Array(room);
    this.lineContact = new Uint8Array(room);
    this.lineCertain = new Uint8Array(room);
  }
}
