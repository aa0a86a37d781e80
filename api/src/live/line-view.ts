import type { LiveLines } from "@encounter/core/wire/live";
import type { Nearness } from "../contacts/run-tracker.ts";
import type { DeviceNumbers } from "./device-numbers.ts";
import { LineColumns, sameLines } from "./line-columns.ts";
import type { LineTracker } from "./line-tracker.ts";
import type { VenueSource } from "./venue-source.ts";

/** A list of lines is sent whole: with this pause for each of them a viewer gets at most 700 kB of lines a second. */
const PAUSE_MS_PER_LINE = 0.02;

/** The lines of a venue by one measure, as they are told. */
export class LineView {
  readonly measure: Nearness;
  /** The lines there are, replaced when they are others. */
  lines: LiveLines = new LineColumns().finish();
  readonly tracker: LineTracker;
  private areNew = false;
  private composeAgainMs = Number.NEGATIVE_INFINITY;

  constructor(measure: Nearness, tracker: LineTracker) {
    this.measure = measure;
    this.tracker = tracker;
  }

  /** Brings the lines up to date. @param searchMs how long runs may be followed back */
  async refresh(source: VenueSource, numbers: DeviceNumbers, presentMinute: number, searchMs: number): Promise<void> {
    const { tracker } = this;
    await tracker.refresh(source, presentMinute, searchMs);
    if (!tracker.isChanged || performance.now() < this.composeAgainMs) return;
    const lines = await this.compose(source, numbers);
    this.composeAgainMs = performance.now() + lines.count * PAUSE_MS_PER_LINE;
    if (sameLines(lines, this.lines)) return;
    this.lines = lines;
    this.areNew = true;
  }

  private async compose(source: VenueSource, numbers: DeviceNumbers): Promise<LiveLines> {
    const lines = this.tracker.compose(numbers);
    const unknown = numbers.takeUnknown();
    if (unknown.size === 0) return lines;
    const ids = await source.readNames(unknown);
    for (const [deviceNumber, deviceId] of ids) numbers.learn(deviceNumber, deviceId);
    // One whose device is not here yet comes after the next poll, with the notice of the evaluation.
    const complete = this.tracker.compose(numbers);
    numbers.takeUnknown();
    return complete;
  }

  /** Whether the lines are others than when this was last asked. */
  takeNews(): boolean {
    const { areNew } = this;
    this.areNew = false;
    return areNew;
  }
}
