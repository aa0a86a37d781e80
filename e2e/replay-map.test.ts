import type { WireFix } from "@encounter/core/wire/fix";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RECORDED, recordedFixes, WITHOUT_RECORDED } from "../core/test/recorded-sets.ts";
import { openChromium } from "../visualizer/test/open-chromium.ts";
import { firstOfMinute, minuteOf, pairMinutes } from "./brute-force.ts";
import { factsOf, goTo, openMap, SMALL, watchFacts } from "./map-page.ts";
import { replay } from "./replay.ts";
import { System } from "./system.ts";

let system: System;
let browser: Browser;

beforeAll(async () => {
  if (RECORDED !== undefined) [system, browser] = await Promise.all([System.start(), openChromium()]);
});

afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

const PROXIMITY_M = 5;
const TRIED_M = 2;
const FLOORS = 3;

/** A set over several floors: each device on one of them, and on the next for every other quarter of an hour. */
function overFloors(fixes: readonly WireFix[]): WireFix[] {
  const devices = [...new Set(fixes.map((fix) => fix.device_id))].sort();
  return fixes.map((fix) => {
    const quarter = Math.floor(minuteOf(fix.timestamp) / 15);
    const floor = (devices.indexOf(fix.device_id) + (quarter % 2)) % FLOORS;
    return { ...fix, position: { ...fix.position, floor } };
  });
}

/** What a map of a floor must say of each minute of a recording, by definition. */
class Truth {
  readonly minutes: readonly number[];
  private readonly circles: ReadonlyMap<number, number>;
  private readonly lines: ReadonlyMap<number, number>;

  constructor(fixes: readonly WireFix[], floor: number, proximityM: number) {
    const onFloor = fixes.filter((fix) => (fix.position.floor ?? 0) === floor);
    const first = firstOfMinute(fixes).filter((fix) => (fix.position.floor ?? 0) === floor);
    this.circles = counted(first.map((fix) => minuteOf(fix.timestamp)));
    this.lines = counted(
      pairMinutes(fixes, proximityM)
        .filter((pair) => pair.floor === floor)
        .map(({ minute }) => minute),
    );
    this.minutes = [...new Set(onFloor.map((fix) => minuteOf(fix.timestamp)))].sort((a, b) => a - b);
  }

  at(minute: number): { minute: string; circles: number; lines: number } {
    return { minute: String(minute), circles: this.circles.get(minute) ?? 0, lines: this.lines.get(minute) ?? 0 };
  }

  /** Whether the minutes differ enough to tell them apart. */
  get isTelling(): boolean {
    return new Set(this.lines.values()).size > 3 && new Set(this.circles.values()).size > 1;
  }
}

function counted(minutes: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const minute of minutes) counts.set(minute, (counts.get(minute) ?? 0) + 1);
  return counts;
}

function linkTo(venueId: string, floor: number, minute: number, more = ""): string {
  return `venue=${encodeURIComponent(venueId)}&floor=${floor}&minute=${minute}${more}`;
}

async function shownAt(page: Page, minute: number): Promise<object> {
  await page.waitForSelector(`#map[data-circles][data-minute="${minute}"]`);
  const { connection: _, ...shown } = await factsOf(page);
  return shown;
}

async function linesAsked(venueId: string, floor: number, minute: number, proximityM: number): Promise<number> {
  const path = `/v1/venues/${encodeURIComponent(venueId)}/minutes/${minute}?proximity=${proximityM}`;
  const { fixes, pairs } = await system.json<MinuteAnswer>(path);
  const floorOf = new Map(fixes.map((fix) => [fix.device_id, fix.floor]));
  return pairs.filter((pair) => floorOf.get(pair.device_id) === floor && floorOf.get(pair.other) === floor).length;
}

interface MinuteAnswer {
  readonly fixes: readonly { device_id: string; floor: number }[];
  readonly pairs: readonly { device_id: string; other: string }[];
}

function everyTenth(minutes: readonly number[]): number[] {
  return minutes.filter((_, i) => i % 10 === 0);
}

describe.skipIf(RECORDED === undefined)(`the map of a recorded past (or: ${WITHOUT_RECORDED})`, () => {
  const SETS = [
    { name: "soccer", floors: [0], of: () => recordedFixes("soccer") },
    {
      name: "made-order-unique on three floors",
      floors: [0, 2],
      of: () => overFloors(recordedFixes("made-order-unique")),
    },
  ];

  test.each(SETS)("$name: every tenth minute has the recorded circles and lines", async ({ floors, of }) => {
    const { fixes } = await replay(system, of(), 500, { proximity: PROXIMITY_M });
    const venueId = fixes[0]?.venue_id as string;
    const start = minuteOf(fixes[0]?.timestamp as number);
    const page = await openMap(system, browser, linkTo(venueId, 0, start), SMALL);
    for (const floor of floors) {
      const truth = new Truth(fixes, floor, PROXIMITY_M);
      expect(truth.isTelling).toBe(true);
      for (const minute of everyTenth(truth.minutes)) {
        await goTo(page, linkTo(venueId, floor, minute));
        expect(await shownAt(page, minute)).toEqual(truth.at(minute));
      }
      const tried = new Truth(fixes, floor, TRIED_M);
      for (const minute of everyTenth(truth.minutes)) {
        await goTo(page, linkTo(venueId, floor, minute, `&proximity=${TRIED_M}`));
        expect(await shownAt(page, minute)).toEqual(tried.at(minute));
        expect(await linesAsked(venueId, floor, minute, TRIED_M)).toBe(tried.at(minute).lines);
      }
    }
    await page.context().close();
  });

  test("played at 600 times its speed, it never shows a number that is not of the minute it names", async () => {
    const { fixes } = await replay(system, recordedFixes("soccer"), 500, { proximity: PROXIMITY_M });
    const venueId = fixes[0]?.venue_id as string;
    const truth = new Truth(fixes, 0, PROXIMITY_M);
    const start = truth.minutes[5] as number;
    const page = await openMap(system, browser, linkTo(venueId, 0, start), SMALL);
    await shownAt(page, start);
    const seen = await watchFacts(page);
    await page.getByLabel("Speed").selectOption("600");
    await page.getByRole("button", { name: "Play" }).click();
    const minutesSeen = async () => new Set((await seen()).map(({ minute }) => minute)).size;
    await expect.poll(minutesSeen, { timeout: 60_000 }).toBeGreaterThan(20);
    await page.getByRole("button", { name: "Pause" }).click();

    const shown = (await seen()).map(({ connection: _, ...facts }) => facts);
    const minutes = shown.map(({ minute }) => Number(minute));
    expect(minutes).toEqual([...minutes].sort((a, b) => a - b));
    for (const facts of shown) expect(facts).toEqual(truth.at(Number(facts.minute)));
    await page.context().close();
  });
});
