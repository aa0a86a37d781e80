import { randomInt } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { DevicesFuzz, storedFixes } from "./fuzz/devices.ts";
import { FuzzRun } from "./fuzz/fuzz-run.ts";
import { HeapProbe } from "./fuzz/heap.ts";
import { isolation } from "./fuzz/isolation.ts";
import { mappedinPositions } from "./fuzz/mappedin.ts";
import { operatorRequests, rawRequests } from "./fuzz/requests.ts";
import { viewersSalad } from "./fuzz/viewers.ts";
import { System } from "./system.ts";

// Both doors as processes, fed with what nobody should send. `npm run fuzz` sends more of it.
const SEED = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 31));
const FRAMES = Number(process.env.FUZZ_FRAMES ?? 5_000);
const LONG_MS = Math.max(180_000, FRAMES * 40);
/** What a heap may hold more than before. */
const LEAK_SHARE = 0.05;

const doors = ["ingest", "api"] as const;
let system: System;
const probes = new Map<string, HeapProbe>();

beforeAll(async () => {
  // Faster than a device may: here it is not the rate that is to stop it.
  const environment = { INGEST_DEVICE_FIXES_PER_SECOND: "10000000" };
  system = await System.start({ nodeArguments: ["--inspect=127.0.0.1:0"], environment });
  for (const name of doors) probes.set(name, await HeapProbe.attach(system.logOf(name)));
});

afterAll(async () => {
  for (const probe of probes.values()) probe.close();
  await system.stop();
});

async function sendAll(run: FuzzRun, devices: DevicesFuzz, frames: number): Promise<void> {
  await devices.bySocket(run, frames * 0.58);
  await devices.byPost(run, frames * 0.04);
  await mappedinPositions(run, system, frames * 0.06);
  await devices.byBytes(run, frames * 0.08);
  await rawRequests(run, system, frames * 0.1);
  await operatorRequests(run, system, frames * 0.1);
  await viewersSalad(run, system, "watched", frames * 0.04);
}

const heapOf = (name: string) => (probes.get(name) as HeapProbe).usedBytes();

/** No errors of the services' own making, and nobody died. */
function expectGoodOrder(): void {
  for (const name of ["ingest", "processor", "api"] as const) {
    expect(system.isRunning(name), system.logOf(name)).toBe(true);
    const errors = system
      .logOf(name)
      .split("\n")
      .filter((line) => /"level":[56]0|unhandled/i.test(line));
    expect(errors.slice(0, 3), `errors of ${name}`).toEqual([]);
  }
}

test(
  `the doors stand what nobody should send, and accept none of it (FUZZ_SEED=${SEED}, ${FRAMES} frames)`,
  async () => {
    const devices = await DevicesFuzz.open(system, "fuzzed");
    await system.newVenue("watched", {});
    // A first helping, after which everything is loaded and compiled.
    await sendAll(new FuzzRun(SEED), devices, FRAMES * 0.2);
    const before = await Promise.all(doors.map(heapOf));
    const run = new FuzzRun(SEED + 1_000_000);
    await sendAll(run, devices, FRAMES * 0.8);
    expectGoodOrder();
    expect(await devices.storedCount()).toBe(devices.oracle.acceptedCount);
    expect(devices.oracle.acceptedCount).toBeGreaterThan(20);
    for (const [index, name] of doors.entries()) {
      const most = (before[index] as number) * (1 + LEAK_SHARE);
      await vi.waitFor(async () => expect(await heapOf(name), `heap of ${name}`).toBeLessThan(most), {
        timeout: 90_000,
        interval: 500,
      });
      console.log(`${name}: heap ${before[index]} bytes before, ${await heapOf(name)} after`);
    }
    console.log([...run.sent].map(([kind, count]) => `${kind}: ${count}`).join("\n"));
    expect(run.total).toBeGreaterThanOrEqual(FRAMES * 0.8 * 0.99);
  },
  LONG_MS,
);

test(
  `no venue's credentials open another's doors (FUZZ_SEED=${SEED})`,
  async () => {
    await isolation(new FuzzRun(SEED), system, Math.max(300, FRAMES * 0.06));
    expectGoodOrder();
    expect(await storedFixes(system, "other venue")).toBe(0);
    const { keys } = await system.json<{ keys: unknown[] }>("/v1/venues/other%20venue/keys");
    // Those it was set up with.
    expect(keys).toHaveLength(2);
  },
  LONG_MS,
);
