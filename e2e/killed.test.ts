import type { WireFix } from "@encounter/core/wire/fix";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Interval, inOrder } from "../core/test/recorded-sets.ts";
import { bruteForce } from "./brute-force.ts";
import { sendInOrder } from "./sender.ts";
import { type ServiceName, System } from "./system.ts";

let system: System;

beforeAll(async () => {
  system = await System.start();
});

afterAll(() => system.stop());

const DEVICES = 60;
const MINUTES = 30;
const FRAME = 25;

/** People who wander about a hall, half an hour of it, a fix every 20 s or so, the last minute just over. */
function walk(venueId: string, seed: number): WireFix[] {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const endMs = Math.floor(Date.now() / 60_000) * 60_000;
  const people = Array.from({ length: DEVICES }, () => ({ east: random() * 60, north: random() * 40 }));
  const fixes: WireFix[] = [];
  for (let time = endMs - MINUTES * 60_000; time < endMs; time += 20_000) {
    people.forEach((person, i) => {
      person.east += (random() - 0.5) * 6;
      person.north += (random() - 0.5) * 6;
      fixes.push({
        device_id: `walker ${i}`,
        venue_id: venueId,
        timestamp: time + Math.floor(random() * 20_000),
        position: {
          longitude: 13.4 + person.east / 67_900,
          latitude: 52.5 + person.north / 111_270,
          floor: 0,
          accuracy: Math.round(random() * 45) / 10,
        },
      });
    });
  }
  return fixes;
}

async function foundIntervals(venueId: string, fixes: readonly WireFix[]): Promise<Interval[]> {
  await vi.waitFor(async () => expect((await system.status(venueId)).unevaluated_fixes).toBe(0), {
    timeout: 60_000,
    interval: 200,
  });
  const from = Math.min(...fixes.map((fix) => fix.timestamp));
  const contacts = await system.contacts(venueId, { from, min_minutes: 1 });
  return inOrder(
    contacts.map(({ device_id, other, start, end, minutes }) => [venueId, device_id, other, start, end, minutes]),
  );
}

describe("kill -9 in the middle of a replay changes nothing of the contacts", () => {
  /** Kills at these shares of the way, and starts again at once. */
  const KILL_AT = [0.2, 0.45, 0.7];

  async function replayKilling(venueId: string, kill: () => Promise<void>): Promise<void> {
    const key = await system.newVenue(venueId, {});
    const fixes = walk(venueId, venueId.length * 7_919);
    const marks = KILL_AT.map((share) => Math.ceil((share * fixes.length) / FRAME) * FRAME);
    let kills = 0;
    let killing = Promise.resolve();
    await sendInOrder(
      () => system.ingestUrl,
      key,
      fixes,
      FRAME,
      async (sent) => {
        if (!marks.includes(sent)) return;
        // The one before is back by now, or waited for; sending goes on while this one is away.
        await killing;
        kills += 1;
        killing = kill();
      },
    );
    await killing;
    expect(kills).toBe(KILL_AT.length);
    const expected = bruteForce(fixes, 5);
    expect(expected.length).toBeGreaterThan(100);
    expect(await foundIntervals(venueId, fixes)).toEqual(expected);
  }

  for (const name of ["ingest", "processor", "api"] as const satisfies ServiceName[]) {
    test(`of ${name}`, () =>
      replayKilling(`without ${name}`, async () => {
        await system.kill(name);
        await system.startService(name);
      }));
  }

  test("of Redis", () => replayKilling("without Redis", () => system.redis.restart()));
});

test("services end in good order when asked to, and a second start finds the data", async () => {
  const key = await system.newVenue("kept", {});
  const fixes = walk("kept", 5);
  await sendInOrder(() => system.ingestUrl, key, fixes, 500);
  for (const name of ["ingest", "processor", "api"] as const) {
    expect(await system.stopService(name), system.logOf(name)).toBe(0);
  }
  await system.redis.restart();
  for (const name of ["ingest", "processor", "api"] as const) await system.startService(name);
  expect(await foundIntervals("kept", fixes)).toEqual(bruteForce(fixes, 5));
});
