import type { Redis } from "ioredis";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { mastersOf, type RedisClient } from "./redis.ts";

const PING_EVERY_MS = 5_000;

/**
 * What every service tells about itself, as Prometheus text: its process with the lag of its event loop, and how long
 * Redis takes to answer it. Names end in their unit; no label holds a venue, a device or anything else of a person.
 */
export class Telemetry {
  readonly registry = new Registry();
  private readonly pings = new Histogram({
    name: "encounter_redis_ping_seconds",
    help: `From a PING to its answer, every ${PING_EVERY_MS / 1_000} s to each master`,
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [this.registry],
  });
  private readonly failedPings = new Counter({
    name: "encounter_redis_ping_failures_total",
    help: "PINGs that found Redis away, or that it did not answer",
    registers: [this.registry],
  });

  /** By master: its `used_memory` and its `maxmemory`. */
  private readonly memory = new Map<string, { usedBytes: number; maxBytes: number }>();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    const sum = (read: (of: { usedBytes: number; maxBytes: number }) => number) =>
      [...this.memory.values()].reduce((total, each) => total + read(each), 0);
    this.gauge("encounter_redis_memory_used_bytes", "Memory that Redis uses, all masters", () =>
      sum(({ usedBytes }) => usedBytes),
    );
    this.gauge("encounter_redis_memory_limit_bytes", "Redis's maxmemory, all masters; 0 where it has none", () =>
      sum(({ maxBytes }) => maxBytes),
    );
  }

  /** A value that is read when it is asked for. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** A count that grows, and is read when it is asked for. */
  countRead(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  /** Measures how long Redis takes to answer. @returns ends it */
  watchRedis(redis: RedisClient): () => void {
    const look = () => {
      // A worker's client would keep the command until Redis is back.
      if (redis.status !== "ready") this.failedPings.inc();
      else this.askAll(mastersOf(redis));
    };
    look();
    const timer = setInterval(look, PING_EVERY_MS);
    timer.unref();
    return () => clearInterval(timer);
  }

  private askAll(nodes: readonly Redis[]): void {
    const names = nodes.map(({ options }) => `${options.host}:${options.port}`);
    for (const name of this.memory.keys()) if (!names.includes(name)) this.memory.delete(name);
    nodes.forEach((node, at) => {
      this.ask(node, names[at] as string).catch(() => this.failedPings.inc());
    });
  }

  private async ask(node: Redis, name: string): Promise<void> {
    const startedMs = performance.now();
    await node.ping();
    this.pings.observe((performance.now() - startedMs) / 1_000);
    const info = await node.info("memory");
    const numberOf = (field: string) => Number(new RegExp(`^${field}:(\\d+)`, "m").exec(info)?.[1] ?? 0);
    this.memory.set(name, { usedBytes: numberOf("used_memory"), maxBytes: numberOf("maxmemory") });
  }
}
