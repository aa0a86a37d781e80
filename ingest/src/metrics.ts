import { Telemetry } from "@encounter/core/service/telemetry";
import { type FrameResult, OUTCOMES } from "@encounter/core/wire/reply";
import { Counter, Histogram } from "prom-client";
import type { FixWriter } from "./fix-writer.ts";

/** What ingest tells about itself. */
export class IngestMetrics extends Telemetry {
  private readonly fixes = new Counter({
    name: "encounter_ingest_fixes_total",
    help: "Fixes answered, by outcome",
    labelNames: ["outcome"] as const,
    registers: [this.registry],
  });
  private readonly frameErrors = new Counter({
    name: "encounter_ingest_frame_errors_total",
    help: "Frames answered with an error, by code",
    labelNames: ["code"] as const,
    registers: [this.registry],
  });
  private readonly latency = new Histogram({
    name: "encounter_ingest_acknowledgement_seconds",
    help: "From a frame's arrival to its answer",
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [this.registry],
  });

  constructor(writer: FixWriter) {
    super();
    this.gauge("encounter_ingest_waiting_frames", "Frames taken and not yet answered", () => writer.waitingFrames);
    this.gauge("encounter_ingest_waiting_fixes", "Fixes taken and not yet answered", () => writer.waitingFixes);
    this.gauge(
      "encounter_ingest_waiting_bytes",
      "Bytes of frames taken and not yet answered",
      () => writer.waitingBytes,
    );
  }

  watchSockets(count: () => number): void {
    this.gauge("encounter_ingest_sockets", "Open sockets of devices", count);
  }

  readonly answered = (result: FrameResult, latencyMs: number): void => {
    this.latency.observe(latencyMs / 1_000);
    if (result.accepted > 0) this.fixes.inc({ outcome: OUTCOMES[0] }, result.accepted);
    if (result.repeated.length > 0) this.fixes.inc({ outcome: OUTCOMES[1] }, result.repeated.length);
    for (const { outcome } of result.refusals) this.fixes.inc({ outcome });
  };

  readonly frameError = (code: string): void => {
    this.frameErrors.inc({ code });
  };
}
