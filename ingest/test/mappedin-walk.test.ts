import { readMinuteFixes } from "@encounter/core/service/minute-store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DoorUnderTest, OPERATOR_TOKEN, startDoor } from "./door-under-test.ts";

/**
 * Devices that walk about an office and report as MappedIn's published clients do: every so often all positions since
 * the last report, several a minute, some of them inexact, with one token fetched for many reports.
 */

const VENUE = "walkers";
const DEVICES = 12;
const REPORTS = 10;
const POSITIONS_PER_REPORT = 21;
const STEP_MS = 20_000;
const MINUTE_MS = 60_000;
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);

interface Position {
  readonly device: string;
  readonly time: number;
  readonly lonlat: readonly [number, number];
  readonly acc: number;
  readonly floor: number;
  readonly userConsent: boolean;
  readonly venue: string;
}

let door: DoorUnderTest;

beforeAll(async () => {
  door = await startDoor();
});

afterAll(() => door.stop());

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function numbersFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function walk(device: string, startMs: number, random: () => number): Position[] {
  let [longitude, latitude, acc] = [-80.5358, 43.4829, 2.5 + 2 * random()];
  return Array.from({ length: REPORTS * POSITIONS_PER_REPORT }, (_, step) => {
    longitude += (random() - 0.5) * 1e-4;
    latitude += (random() - 0.5) * 1e-4;
    acc = Math.min(4.5, Math.max(2, acc + (random() - 0.5) * 0.4));
    const time = startMs + step * STEP_MS;
    return { acc, device, floor: 0, lonlat: [longitude, latitude], time, userConsent: true, venue: VENUE };
  });
}

/** What the contract says becomes of a device's positions, one after the other. */
function wantedStatuses(positions: readonly Position[]): number[] {
  const minutes = new Set<number>();
  return positions.map(({ acc, time }) => {
    if (acc > 4) return 400;
    const minute = Math.floor(time / MINUTE_MS);
    if (minutes.has(minute)) return 409;
    minutes.add(minute);
    return 200;
  });
}

async function json<T>(path: string, init: RequestInit, wantedStatus: number): Promise<T> {
  // By the name that the clients use, whatever the machine makes of it.
  const response = await fetch(door.url.replace("127.0.0.1", "localhost") + path, init);
  expect(response.status, path).toBe(wantedStatus);
  return (await response.json()) as T;
}

async function reportAll(device: string, code: string, positions: readonly Position[]): Promise<number[]> {
  const activation = { method: "POST", body: JSON.stringify({ deviceType: "iPad", code }) };
  await json(`/device/${device}/activate`, activation, 200);
  const { token } = await json<{ token: string }>(`/device/${device}/token`, {}, 200);
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json;charset=utf-8" };
  const statuses: number[] = [];
  for (let at = 0; at < positions.length; at += POSITIONS_PER_REPORT) {
    const body = JSON.stringify(positions.slice(at, at + POSITIONS_PER_REPORT));
    const answers = await json<{ status: number }[]>("/positions", { method: "POST", headers, body }, 207);
    statuses.push(...answers.map(({ status }) => status));
  }
  return statuses;
}

test(`what walkers report is answered and stored as the contract says (SEED=${seed})`, async () => {
  const { record } = await door.newVenue(VENUE, { mappedin: true });
  const authorization = `Basic ${Buffer.from(`operator:${OPERATOR_TOKEN}`).toString("base64")}`;
  const wish = { method: "POST", headers: { authorization }, body: JSON.stringify({ maxUses: DEVICES }) };
  const { code } = await json<{ code: string }>(`/invite-code/${VENUE}`, wish, 201);
  const random = numbersFrom(seed);
  const startMs = Date.now() - REPORTS * POSITIONS_PER_REPORT * STEP_MS;
  const walks = Array.from({ length: DEVICES }, (_, index) =>
    walk(`8F0C2D1E-0000-4000-8000-${String(index).padStart(12, "0")}`, startMs + Math.floor(random() * 30), random),
  );

  const answered = await Promise.all(walks.map((positions) => reportAll(positions[0]?.device ?? "", code, positions)));

  expect(answered).toEqual(walks.map(wantedStatuses));
  const stored = walks.flatMap((positions, index) => positions.filter((_, at) => answered[index]?.[at] === 200));
  const names = await door.redis.hgetall(record.keys.names);
  for (const minute of new Set(stored.map(({ time }) => Math.floor(time / MINUTE_MS)))) {
    const wanted = stored.filter(({ time }) => Math.floor(time / MINUTE_MS) === minute);
    const found = (await readMinuteFixes(door.redis, record.keys, minute)).map((fix) => ({
      acc: fix.accuracyM,
      device: names[fix.deviceNumber],
      floor: fix.floor,
      lonlat: [fix.longitude, fix.latitude],
      time: fix.fixTimeMs,
      userConsent: true,
      venue: VENUE,
    }));
    expect(found).toHaveLength(wanted.length);
    expect(found).toEqual(expect.arrayContaining(wanted));
  }
});
