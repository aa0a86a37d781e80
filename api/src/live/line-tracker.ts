import type { LiveLines } from "@encounter/core/wire/live";
import { isWithin, type Nearness } from "../contacts/run-tracker.ts";
import { LineColumns } from "./line-columns.ts";
import { Rosters } from "./rosters.ts";
import { eachPair, TrackedMinute } from "./tracked-minute.ts";

/** Where minutes are read from. */
export interface MinuteSource {
  /** How many of the minute's fixes are evaluated, and its pair list from a byte on. */
  readMinute(minute: number, fromByte: number): Promise<{ evaluated: number; pairs: Uint8Array }>;
  /** The minute's whole pair list. */
  readPairs(minute: number): Promise<Uint8Array>;
}

/** Which device a line means. */
export interface LineDevices {
  /** Index of the device of a number, or -1 where it is not known. */
  indexOf(deviceNumber: number): number;
  isPresent(index: number): boolean;
}

/** What a tracker of lines goes by: which pairs of a minute count, and how far back. */
export interface LineRules extends Nearness {
  /** How far back the beginning of a run is looked for, minutes. */
  readonly backMinutesMax: number;
}

/** How far ahead of the server's clock a minute may be: devices may be 2 minutes ahead. */
const AHEAD_MINUTES = 3;

/**
 * The live lines of a venue. With m the present minute if any of its fixes is evaluated, else the one before:
 *
 * - a pair is a line by the newest minute in which both its devices are evaluated, where they are near in that one;
 * - that minute is m - 1 or later, so the line of devices that stopped reporting goes;
 * - so a line of m - 1 stays until both its devices are evaluated in m.
 *
 * Minutes from m - 2 on (the base) are held; the runs of the base's pairs, which lines continue, are followed back in
 * the stored minutes once, and again where a late evaluation may have made one longer.
 */
export class LineTracker {
  /** Whether the lines may be others than those composed last. */
  isChanged = true;
  private readonly rules: LineRules;
  private readonly rosters: Rosters;
  private readonly minutes = new Map<number, TrackedMinute>();
  private base: number;
  /** m, as above. */
  private newest: number;
  /** Minutes before the base in which runs may have begun. */
  private readonly toSearch = new Set<number>();

  /**
   * @param presentMinute by the server's clock; minutes from {@link firstMinute} on must be told whole
   * @param rosters shared with a tracker of another measure that is told of fixes: this one need not be, then
   */
  constructor(rules: LineRules, presentMinute: number, rosters = new Rosters()) {
    this.rules = rules;
    this.rosters = rosters;
    this.newest = presentMinute - 1;
    this.base = LineTracker.firstMinute(presentMinute);
    this.toSearch.add(this.base - 1);
    for (let minute = this.base; minute <= presentMinute + AHEAD_MINUTES; minute++) this.track(minute);
  }

  /** First of the minutes whose accepted fixes a tracker that begins now must be told of. */
  static firstMinute(presentMinute: number): number {
    return presentMinute - 3;
  }

  /** Last of them. */
  static lastMinute(presentMinute: number): number {
    return presentMinute + AHEAD_MINUTES;
  }

  /** Notes an accepted fix, in the order of acceptance; telling one twice changes nothing. */
  accept(minute: number, deviceIndex: number): void {
    this.trackedIfNear(minute)?.accept(deviceIndex);
  }

  /** Notes that a minute was evaluated further. */
  noteEvaluation(minute: number): void {
    const tracked = this.trackedIfNear(minute);
    if (tracked !== undefined) {
      tracked.isStale = true;
      // Even where it was read already: by now the fixes that it evaluated are told, too.
      this.isChanged = true;
    } else if (minute < this.base && minute >= this.searchEnd()) {
      this.toSearch.add(minute);
    }
  }

  /**
   * Reads what there is to read, as of a minute by the server's clock.
   * @param searchMs how long the search for the beginnings of runs may take; it goes on with the next refresh
   */
  async refresh(source: MinuteSource, presentMinute: number, searchMs: number): Promise<void> {
    await Promise.all([...this.minutes.values()].map((tracked) => this.readFurther(source, tracked)));
    const isPresentEvaluated = (this.minutes.get(presentMinute)?.evaluated ?? 0) > 0;
    this.advance(isPresentEvaluated ? presentMinute : presentMinute - 1);
    await this.search(source, searchMs);
  }

  /** The lines there are now. */
  compose(devices: LineDevices): LiveLines {
    this.isChanged = false;
    const lines = new LineColumns();
    const later: TrackedMinute[] = [];
    for (const tracked of [...this.minutes.values()].sort((x, y) => y.minute - x.minute)) {
      if (tracked.minute < this.newest - 1) break;
      this.composeMinute(tracked, later, devices, lines);
      later.push(tracked);
    }
    return lines.finish();
  }

  private composeMinute(
    { minute, pairs }: TrackedMinute,
    later: readonly TrackedMinute[],
    devices: LineDevices,
    lines: LineColumns,
  ): void {
    for (let slot = 0; slot < pairs.count; slot++) {
      const a = pairs.a[slot] as number;
      const b = pairs.b[slot] as number;
      const indexA = devices.indexOf(a);
      const indexB = devices.indexOf(b);
      if (!devices.isPresent(indexA) || !devices.isPresent(indexB)) continue;
      if (later.some((other) => other.isEvaluated(indexA) && other.isEvaluated(indexB))) continue;
      if (later.some((other) => other.pairs.find(a, b) >= 0)) continue;
      const minutes = minute - this.runStart(minute, a, b) + 1;
      lines.add(indexA, indexB, minutes, pairs.gapDm[slot] as number, pairs.reachDm[slot] as number);
    }
  }

  private runStart(minute: number, a: number, b: number): number {
    for (let start = minute; ; start--) {
      const below = this.minutes.get(start - 1);
      const slot = below === undefined ? -1 : below.pairs.find(a, b);
      if (slot < 0) return start;
      if (start - 1 === this.base) return (below as TrackedMinute).pairs.startMinute[slot] as number;
    }
  }

  private track(minute: number): TrackedMinute {
    const tracked = new TrackedMinute(minute, this.rosters.of(minute));
    this.minutes.set(minute, tracked);
    return tracked;
  }

  /** The minute's record, made where there is none yet; undefined for minutes that lines do not depend on. */
  private trackedIfNear(minute: number): TrackedMinute | undefined {
    const tracked = this.minutes.get(minute);
    if (tracked !== undefined) return tracked;
    const isNear = minute >= this.base && minute <= this.newest + 1 + AHEAD_MINUTES;
    return isNear ? this.track(minute) : undefined;
  }

  private async readFurther(source: MinuteSource, tracked: TrackedMinute): Promise<void> {
    if (!tracked.isStale) return;
    const { evaluated, pairs } = await source.readMinute(tracked.minute, tracked.bytesRead);
    tracked.isStale = false;
    const added = tracked.addPairs(pairs, this.rules);
    if (added > 0 && tracked.minute === this.base) this.toSearch.add(this.base - 1);
    if (added > 0 || evaluated !== tracked.evaluated) this.isChanged = true;
    tracked.evaluated = evaluated;
  }

  /** Lets the past go: the base follows two minutes behind the newest. */
  private advance(newest: number): void {
    if (newest <= this.newest) return;
    this.newest = newest;
    this.isChanged = true;
    while (this.base < this.newest - 2) this.moveBase();
    this.rosters.forgetBefore(this.base);
    for (const minute of this.toSearch) if (minute < this.searchEnd()) this.toSearch.delete(minute);
  }

  private moveBase(): void {
    const former = this.minutes.get(this.base);
    this.minutes.delete(this.base);
    this.base++;
    const next = this.minutes.get(this.base);
    if (former === undefined || next === undefined) return;
    const { pairs } = next;
    for (let slot = 0; slot < pairs.count; slot++) {
      const before = former.pairs.find(pairs.a[slot] as number, pairs.b[slot] as number);
      if (before >= 0) pairs.startMinute[slot] = former.pairs.startMinute[before] as number;
    }
  }

  private searchEnd(): number {
    return this.base - this.rules.backMinutesMax;
  }

  /** Follows runs back, from the newest minute to search to the oldest, for as long as the budget lasts. */
  private async search(source: MinuteSource, searchMs: number): Promise<void> {
    const endMs = performance.now() + searchMs;
    while (this.toSearch.size > 0 && performance.now() < endMs) {
      const minute = Math.max(...this.toSearch);
      this.toSearch.delete(minute);
      if (!this.hasRunFrom(minute + 1)) continue;
      const extended = this.extendRuns(minute, await source.readPairs(minute));
      if (!extended) continue;
      this.isChanged = true;
      if (minute - 1 >= this.searchEnd()) this.toSearch.add(minute - 1);
    }
  }

  private hasRunFrom(startMinute: number): boolean {
    const pairs = this.minutes.get(this.base)?.pairs;
    return pairs?.startMinute.subarray(0, pairs.count).includes(startMinute) ?? false;
  }

  private extendRuns(minute: number, list: Uint8Array): boolean {
    const pairs = this.minutes.get(this.base)?.pairs;
    let extended = false;
    if (pairs === undefined) return extended;
    eachPair(list, (one, other, gapDm, reachDm) => {
      if (!isWithin(this.rules, gapDm, reachDm)) return;
      const slot = pairs.find(one, other);
      if (slot < 0 || pairs.startMinute[slot] !== minute + 1) return;
      pairs.startMinute[slot] = minute;
      extended = true;
    });
    return extended;
  }
}
