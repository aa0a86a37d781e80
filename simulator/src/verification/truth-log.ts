import { createWriteStream, type WriteStream } from "node:fs";
import { MINUTE_MS, minuteOf } from "@encounter/core/domain/minute";
import type { Fleet } from "../simulating/fleet.ts";
import type { AnswerListener } from "../simulating/recorder.ts";
import type { SimulatedFix } from "../simulating/simulated-fix.ts";
import type { FixOutcome } from "../transport/outcomes.ts";

/**
 * Writes where everyone really was, as NDJSON: a line of kind `fix` for every fix with what was sent, what the server
 * made of it and the truth behind it, and a line of kind `minute` for every device and minute it reported in, with the
 * true position at the minute's first report.
 */
export class TruthLog implements AnswerListener {
  private readonly stream: WriteStream;
  private readonly fleet: Fleet;
  private readonly lastMinute: Float64Array;
  private readonly unanswered = new Set<SimulatedFix>();

  /** @throws Error where the file cannot be written, through {@link end} */
  constructor(file: string, fleet: Fleet) {
    this.stream = createWriteStream(file);
    this.fleet = fleet;
    this.lastMinute = new Float64Array(fleet.size).fill(-1);
  }

  /** Notes a fix before it is sent. */
  measured(fix: SimulatedFix): void {
    this.unanswered.add(fix);
    const minute = minuteOf(fix.fixTimeMs);
    if (minute === this.lastMinute[fix.device]) return;
    this.lastMinute[fix.device] = minute;
    this.write({
      kind: "minute",
      ...this.names(fix),
      minute,
      start: minute * MINUTE_MS,
      timestamp: fix.fixTimeMs,
      truth: truthOf(fix),
    });
  }

  answered(fix: SimulatedFix, outcome: FixOutcome): void {
    if (this.unanswered.delete(fix)) this.writeFix(fix, outcome);
  }

  /** Writes what never got an answer, and waits until all is on disk. */
  async end(): Promise<void> {
    for (const fix of this.unanswered) this.writeFix(fix, null);
    await new Promise<void>((resolve, reject) => {
      this.stream.on("error", reject);
      this.stream.end(resolve);
    });
  }

  private writeFix(fix: SimulatedFix, outcome: FixOutcome | null): void {
    const { latitude, longitude, floor, accuracyM } = fix;
    const sent = { latitude, longitude, floor, accuracy: accuracyM };
    this.write({ kind: "fix", ...this.names(fix), timestamp: fix.fixTimeMs, outcome, sent, truth: truthOf(fix) });
  }

  private names(fix: SimulatedFix) {
    const { fleet } = this;
    return { venue_id: fleet.venueIds[fleet.venueOf(fix.device)], device_id: fleet.deviceId(fix.device) };
  }

  private write(line: object): void {
    this.stream.write(`${JSON.stringify(line)}\n`);
  }
}

function truthOf({ trueLatitude, trueLongitude, floor }: SimulatedFix) {
  return { latitude: trueLatitude, longitude: trueLongitude, floor };
}
