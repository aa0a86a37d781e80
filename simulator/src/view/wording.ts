import { OUTCOMES } from "@encounter/core/wire/reply";
import type { Percentiles } from "../statistics/tally.ts";

const COUNT = new Intl.NumberFormat("en-US");

/** `12,345` */
export function count(number: number): string {
  return COUNT.format(number);
}

/** `1 socket`, `2 sockets` */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** A rate per second, to three digits where it is small. */
export function rate(perSecond: number): string {
  return `${perSecond < 100 ? perSecond.toFixed(1) : count(Math.round(perSecond))}/s`;
}

/** A time in ms, in the unit that reads best. */
export function time(ms: number): string {
  if (ms === 0) return "0 s";
  if (ms < 10) return `${ms.toFixed(2)} ms`;
  if (ms < 1_000) return `${ms.toFixed(0)} ms`;
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(1))} s`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = Math.floor((ms % 60_000) / 1000);
  return seconds === 0 ? `${count(minutes)} min` : `${count(minutes)} min ${seconds} s`;
}

/** `00:12:34` */
export function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return [seconds / 3600, (seconds / 60) % 60, seconds % 60]
    .map((n) => String(Math.floor(n)).padStart(2, "0"))
    .join(":");
}

/** A moment as UTC, to the second. */
export function moment(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** `p50 1.20 ms   p95 3.40 ms   p99 8.00 ms   max 12 ms`, or that there is nothing yet. */
export function percentiles(times: Percentiles | null, gap = "   "): string {
  if (times === null) return "none yet";
  return [`p50 ${time(times.p50)}`, `p95 ${time(times.p95)}`, `p99 ${time(times.p99)}`, `max ${time(times.max)}`].join(
    gap,
  );
}

/** Outcomes with their counts, in the contract's order, so that they keep their places while they grow. */
export function outcomes(byOutcome: ReadonlyMap<string, number>, gap = "   "): string {
  const seen = OUTCOMES.filter((outcome) => byOutcome.has(outcome));
  return seen.length === 0
    ? "none yet"
    : seen.map((outcome) => `${outcome} ${count(byOutcome.get(outcome)!)}`).join(gap);
}

/** `97.3 %`, or a dash where there is nothing to share. */
export function percent(share: number | null): string {
  return share === null ? "-" : `${(share * 100).toFixed(1)} %`;
}

/** What happened how often, the most frequent first. */
export function counts(byName: ReadonlyMap<string, number>): string {
  const ordered = [...byName].sort(([, a], [, b]) => b - a);
  return ordered.map(([name, number]) => `${name} ${count(number)}`).join(", ");
}
