import { readFile } from "node:fs/promises";
import type { WireFix } from "@encounter/core/wire/fix";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openChromium } from "../visualizer/test/open-chromium.ts";
import { factsOf, openMap } from "./map-page.ts";
import { sendInOrder } from "./sender.ts";
import { System } from "./system.ts";

let system: System;
let browser: Browser;
let page: Page;
let venueId: string;
let key: string;
let venues = 0;

beforeAll(async () => {
  [system, browser] = await Promise.all([System.start(), openChromium()]);
});

afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

/** Metres east of one another, all within half a metre of where they say they are. */
const ROW = { first: 0, second: 3, third: 5.8, far: 13.5 };
const MINUTE_MS = 60_000;

/** A fix of each of the row in each of the given minutes. */
function rowFixes(minutes: readonly number[]): WireFix[] {
  return minutes.flatMap((minute) =>
    Object.entries(ROW).map(([device_id, eastM]) => ({
      device_id,
      venue_id: venueId,
      timestamp: minute * MINUTE_MS,
      position: { longitude: 13.4 + eastM / 67_900, latitude: 52.5, floor: 0, accuracy: 0.5 },
    })),
  );
}

const live = (lines: number) =>
  page.waitForSelector(`#map[data-connection="live"][data-minute=""][data-lines="${lines}"]`);
const notes = () => page.locator(".watch-notes .notice");

let thisMinute: number;

beforeEach(async () => {
  venueId = `row ${++venues}`;
  key = await system.newVenue(venueId, { proximity: 5, min_minutes: 3, cap: 10 });
  thisMinute = Math.floor(Date.now() / MINUTE_MS);
  await sendInOrder(() => system.ingestUrl, key, rowFixes([thisMinute - 2, thisMinute - 1]), 50);
  page = await openMap(system, browser, `venue=${encodeURIComponent(venueId)}`);
  await live(3);
});

afterEach(() => page.context().close());

describe("the watch", () => {
  test("tells of a watched device's contact when it has lasted for long enough, until it is acknowledged", async () => {
    await page.getByRole("button", { name: "Watch", exact: true }).click();
    await page.getByLabel("Device to watch").fill("first");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Stop watching first" }).waitFor();
    expect(await notes().count()).toBe(0);

    await sendInOrder(() => system.ingestUrl, key, rowFixes([thisMinute]), 50);
    // The contacts of `first`: with `second`, and with `third`; that of these two is listed, but nobody is told.
    await expect.poll(() => notes().count(), { timeout: 15_000 }).toBe(2);
    expect((await notes().allTextContents()).sort()).toEqual([
      expect.stringContaining("first and second are in contact (3 min)"),
      expect.stringContaining("first and third are in contact (3 min)"),
    ]);
    const listed = page.getByRole("region", { name: "Contacts as they come about" }).getByRole("listitem");
    expect(await listed.count()).toBe(3);

    await notes().first().getByRole("button", { name: "Acknowledge" }).click();
    await expect.poll(() => notes().count()).toBe(1);
    await page.getByRole("button", { name: "Acknowledge all (1)" }).click();
    await expect.poll(() => notes().count()).toBe(0);

    // What is watched and what was acknowledged outlives the page.
    await page.reload();
    await page.waitForSelector('#map[data-connection="live"][data-lines="3"]');
    await page.getByRole("button", { name: "Stop watching first" }).waitFor();
    expect(await notes().count()).toBe(0);
  });
});

describe("another measure", () => {
  test("changes the live lines to those of the query by it, wider and narrower", async () => {
    const { newest_minute } = await system.status(venueId);
    const path = `/v1/venues/${encodeURIComponent(venueId)}/minutes/${newest_minute}`;
    await page.getByRole("button", { name: "View" }).click();
    const slider = page.getByRole("slider", { name: "Near within" });
    for (const { proximity, lines } of [
      { proximity: "2.5", lines: 2 },
      { proximity: "8", lines: 4 },
      { proximity: "0", lines: 0 },
    ]) {
      await slider.fill(proximity);
      await live(lines);
      const asked = await system.json<{ pairs: object[] }>(`${path}?proximity=${proximity}`);
      expect(asked.pairs).toHaveLength(lines);
    }
    await page.getByText("What if: within 0 m").waitFor();
    await page.getByRole("button", { name: "Back to the venue's measure" }).first().click();
    await live(3);
  });
});

describe("what is shown", () => {
  test("is said in a table, live and by another measure", async () => {
    await page.getByRole("button", { name: "Table", exact: true }).click();
    const rows = (name: string) => page.getByRole("table", { name, exact: true }).locator("tbody tr");
    await expect.poll(() => rows("Devices").count()).toBe(Object.keys(ROW).length);
    expect(await rows("Lines").count()).toBe(3);
    expect(await rows("Lines").first().textContent()).toMatch(/^firstsecond2Near, (certain|possible)$/);
    await page.getByRole("button", { name: "View" }).click();
    await page.getByRole("slider", { name: "Near within" }).fill("2.5");
    await live(2);
    await expect.poll(() => rows("Lines").count(), { timeout: 5_000 }).toBe(2);
  });

  test("is taken away as CSV, GeoJSON and a picture", async () => {
    await page.getByRole("button", { name: "View" }).click();
    const { circles, lines } = await factsOf(page);
    const devices = (await taken("Devices (CSV)")).toString().trim().split("\r\n");
    expect(devices[0]).toBe("device_id,state,time,longitude,latitude,floor,accuracy,room");
    expect(devices).toHaveLength(circles + 1);
    expect((await taken("Lines (CSV)")).toString().trim().split("\r\n")).toHaveLength(lines + 1);
    const { features } = JSON.parse((await taken("GeoJSON")).toString()) as {
      features: { geometry: { type: string } }[];
    };
    expect(features.filter(({ geometry }) => geometry.type === "Point")).toHaveLength(circles);
    expect(features.filter(({ geometry }) => geometry.type === "LineString")).toHaveLength(lines);
    const picture = await taken("Picture (PNG)");
    expect(picture.subarray(1, 4).toString()).toBe("PNG");
    // Wider than a stamp, and higher than the map by its title and its legend.
    const map = await page.locator("#map").boundingBox();
    expect(picture.readUInt32BE(16)).toBe(Math.round(map!.width));
    expect(picture.readUInt32BE(20)).toBeGreaterThan(Math.round(map!.height) + 100);
  });
});

async function taken(button: string): Promise<Buffer> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button }).click(),
  ]);
  return readFile(await download.path());
}
