import { Telemetry } from "@encounter/core/service/telemetry";
import { Counter, Histogram } from "prom-client";
import type { Backlog } from "./backlog.ts";
import type { MinuteEvaluated } from "./proximity-job.ts";

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What the processor tells about itself. */
export class ProcessorMetrics extends Telemetry {
  private readonly finding = this.histogram(
    "encounter_processor_evaluation_seconds",
    "Finding the pairs of a minute's new fixes",
  );
  private readonly merging = this.histogram(
    "encounter_processor_merge_seconds",
    "Storing the pairs of a minute's new fixes and clearing those from pending",
  );
  private readonly fixes = this.counter("encounter_processor_fixes_total", "Fixes evaluated");
  private readonly pairs = this.counter("encounter_processor_pair_minutes_total", "Pair-minutes found");
  private readonly failures = this.counter(
    "encounter_processor_job_failures_total",
    "Jobs that failed; they are tried again",
  );

  constructor(backlog: Backlog, now: () => number) {
    super();
    this.gauge(
      "encounter_pending_fixes",
      "Accepted fixes that the contacts do not reflect yet, all venues, at the last sweep; every processor tells the same",
      () => backlog.fixes,
    );
    this.gauge(
      "encounter_pending_age_seconds",
      "How long the longest-waiting minute of any venue has waited; a minute that goes on waits up to its end",
      () => backlog.oldestAgeMs(now()) / 1_000,
    );
  }

  readonly evaluated = ({ fixes, pairs, findingMs, mergingMs }: MinuteEvaluated): void => {
    this.finding.observe(findingMs / 1_000);
    this.merging.observe(mergingMs / 1_000);
    this.fixes.inc(fixes);
    this.pairs.inc(pairs);
  };

  readonly failed = (): void => this.failures.inc();

  private histogram(name: string, help: string): Histogram {
    return new Histogram({ name, help, buckets: BUCKETS, registers: [this.registry] });
  }

  private counter(name: string, help: string): Counter {
    return new Counter({ name, help, registers: [this.registry] });
  }
}
