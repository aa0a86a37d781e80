import type { Fix } from "@encounter/core/domain/fix";
import { nearness } from "@encounter/core/domain/proximity";
import { createLog } from "@encounter/core/service/log";
import { dayOf } from "@encounter/core/storage/keys";
import type { VenueActivity } from "@encounter/core/wire/activity";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maintain } from "../../processor/src/maintenance.ts";
import { at, NOW_MINUTE } from "./fixes.ts";
import { OperatorsDoor } from "./operators-door.ts";

let door: OperatorsDoor;
const M = NOW_MINUTE - 60;
const ms = (minute: number) => minute * 60_000;

beforeAll(async () => {
  door = await OperatorsDoor.open();
});
afterAll(() => door.close());

async function activity(venueId: string, from: number, to: number, step?: number): Promise<VenueActivity> {
  const query = `from=${from}&to=${to}${step === undefined ? "" : `&step=${step}`}`;
  const { status, json } = await door.ask(`/v1/venues/${venueId}/activity?${query}`);
  expect(status).toBe(200);
  return json;
}

/** Pairs of one minute's fixes within a proximity. */
function pairsWithin(fixes: readonly Fix[], proximityM: number): number {
  let count = 0;
  for (const [i, a] of fixes.entries()) {
    for (const b of fixes.slice(0, i)) if (a.floor === b.floor && nearness(a, b).gapM <= proximityM) count++;
  }
  return count;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

describe("activity over time", () => {
  const minutes = Array.from({ length: 31 }, (_, i) => M + i);
  /** More people by the minute, in steps of 1.5 m; every seventh minute nobody. */
  const crowd = (minute: number) =>
    (minute - M) % 7 === 6
      ? []
      : Array.from({ length: minute - M }, (_, i) => at(`d${i}`, minute, i * 1.5, { floor: i % 5 === 4 ? 1 : 0 }));

  beforeAll(async () => {
    const record = await door.createVenue("hall", { proximity: 4 });
    // In two goes, so that most minutes are evaluated in parts.
    const fixes = minutes.flatMap(crowd);
    await door.feed(record, fixes.slice(200));
    await door.evaluate(record);
    await door.feed(record, fixes.slice(0, 230));
    await door.evaluate(record);
  });

  test("counts fixes, and pairs at the default proximity, per bucket", async () => {
    const fixes = minutes.map((minute) => crowd(minute).length);
    const pairs = minutes.map((minute) => pairsWithin(crowd(minute), 4));
    expect(sum(pairs)).toBeGreaterThan(sum(fixes));
    const each = await activity("hall", ms(M), ms(M + 31));
    expect(each).toEqual({
      venue_id: "hall",
      from: ms(M),
      to: ms(M + 31),
      step_minutes: 1,
      first_minute: M + 1,
      newest_minute: M + 30,
      fixes,
      pairs,
    });
    const tens = await activity("hall", ms(M), ms(M + 31), 10);
    const inTens = (counts: readonly number[]) => [0, 10, 20, 30].map((start) => sum(counts.slice(start, start + 10)));
    expect([tens.fixes, tens.pairs]).toEqual([inTens(fixes), inTens(pairs)]);
    expect([tens.from, tens.to, tens.step_minutes]).toEqual([ms(M), ms(M + 31), 10]);
  });

  test("widens a window to whole minutes and gives nothing beyond it", async () => {
    const window = await activity("hall", ms(M + 4) + 1, ms(M + 5) + 1);
    expect([window.from, window.to]).toEqual([ms(M + 4), ms(M + 6)]);
    expect(window.fixes).toEqual([4, 5]);
  });

  test("counts at the proximity that is set when a minute is evaluated, late fixes too", async () => {
    const record = await door.createVenue("changing", { proximity: 1 });
    await door.feed(record, [at("a", M, 0), at("b", M, 4)]);
    await door.evaluate(record);
    expect((await activity("changing", ms(M), ms(M + 1))).pairs).toEqual([0]);
    const changed = await door.createVenue("changing", { proximity: 5 });
    await door.feed(changed, [at("c", M, 8)]);
    await door.evaluate(changed);
    expect((await activity("changing", ms(M), ms(M + 1))).pairs).toEqual([1]);
  });

  test("of a venue without fixes is empty", async () => {
    await door.createVenue("empty");
    const { first_minute, newest_minute, fixes, pairs } = await activity("empty", ms(M), ms(M + 3));
    expect([first_minute, newest_minute, fixes, pairs]).toEqual([null, null, [0, 0, 0], [0, 0, 0]]);
  });

  test("reaches back as far as the retention", async () => {
    const record = await door.createVenue("long", { retention_days: 3 });
    const first = NOW_MINUTE - 4 * 1_440;
    await door.feed(
      record,
      Array.from({ length: 4 * 72 }, (_, i) => at("a", first + i * 20, 0)),
    );
    await door.evaluate(record);
    const { first_minute, fixes } = await activity("long", ms(first), ms(NOW_MINUTE), 20);
    const kept = (NOW_MINUTE - (first_minute ?? 0)) / 20;
    expect([3 * 72 - 1, 3 * 72]).toContain(kept);
    expect(fixes).toEqual(Array.from({ length: 4 * 72 }, (_, i) => (i < 4 * 72 - kept ? 0 : 1)));
  });

  test("is kept as long as the venue's retention says, also where that changes", async () => {
    const record = await door.createVenue("kept", { retention_days: 2 });
    await door.feed(record, [at("a", M, 0), at("b", M, 1)]);
    await door.evaluate(record);
    const day = dayOf(M);
    const expiryS = () => door.redis.expiretime(record.keys.activity(day));
    expect(await expiryS()).toBe((day + 1 + 2) * 86_400);
    await door.createVenue("kept", { retention_days: 30 });
    await maintain(door.redis, { kind: "retention", venueId: "kept" }, createLog("test", "silent"));
    expect(await expiryS()).toBe((day + 1 + 30) * 86_400);
  });

  test.each([
    [`from=${ms(M)}&to=${ms(M + 2_001)}`, 400, "at most 2000 buckets"],
    [`from=${ms(M)}&to=${ms(M + 2_001)}&step=0`, 400, "between 1 and 1440"],
    [`from=${ms(M)}&to=${ms(M + 2_001)}&step=1441`, 400, "between 1 and 1440"],
    [`from=${ms(M)}&to=${ms(M)}`, 400, "from must be before to"],
    [`bucket=5`, 400, "from, to, step"],
  ])("%s is answered %i", async (query, status, message) => {
    const answer = await door.ask(`/v1/venues/hall/activity?${query}`);
    expect([answer.status, answer.json.error.message]).toEqual([status, expect.stringContaining(message)]);
  });

  test("2,000 buckets are not too many", async () => {
    expect((await activity("hall", ms(M), ms(M + 2_000))).fixes).toHaveLength(2_000);
    expect((await activity("hall", ms(M) - 2_000 * ms(1_440), ms(M), 1_440)).fixes).toHaveLength(2_000);
  });

  test("is none of a venue that is not there, and for operators", async () => {
    expect((await door.ask("/v1/venues/nowhere/activity")).status).toBe(404);
    expect((await door.ask("/v1/venues/hall/activity", { guest: true })).status).toBe(401);
  });
});
