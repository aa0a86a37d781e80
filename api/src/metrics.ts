import { Telemetry } from "@encounter/core/service/telemetry";
import { Counter, Histogram } from "prom-client";
import type { Live } from "./live/index.ts";

/** What api tells about itself. */
export class ApiMetrics extends Telemetry {
  private readonly requests = new Histogram({
    name: "encounter_api_request_seconds",
    help: "From a request's arrival to its answer's last byte",
    labelNames: ["route", "method", "status"] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [this.registry],
  });
  private readonly contacts = new Counter({
    name: "encounter_api_contacts_total",
    help: "Contacts given in answers",
    registers: [this.registry],
  });

  /** Tells of the live feed, too. */
  watchLive(live: Live): void {
    this.gauge("encounter_api_viewers", "Open sockets of viewers", () => live.viewerCount);
    this.countRead(
      "encounter_api_frames_left_out_total",
      "Frames not sent since their viewer had not taken the one before; it gets the latest state later",
      () => live.framesLeftOut,
    );
  }

  /** @param route the route's pattern: paths hold personal data */
  answered(route: string, method: string, status: number, elapsedMs: number): void {
    this.requests.observe({ route, method, status }, elapsedMs / 1_000);
  }

  contactsGiven(count: number): void {
    this.contacts.inc(count);
  }
}
