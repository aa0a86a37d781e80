import type { WireFix } from "@encounter/core/wire/fix";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openChromium } from "../visualizer/test/open-chromium.ts";
import { factsOf, type MapFacts, openMap, SMALL, watchFacts } from "./map-page.ts";
import { evaluated } from "./replay.ts";
import { sendInOrder } from "./sender.ts";
import { System } from "./system.ts";

const VENUE = "hall";
const DEVICES = 12;
/** Neighbours among people in a row, 2 m or 20 m apart: how many is that of the minute, by its parity. */
const TOGETHER = { even: 4, odd: 7 } as const;
const EVERY_MS = 500;
const PATIENCE = { timeout: 60_000, interval: 200 };

let system: System;
let browser: Browser;
let key: string;
let feed: Feed;

beforeAll(async () => {
  [system, browser] = await Promise.all([System.start(), openChromium()]);
  key = await system.newVenue(VENUE, { proximity: 5 });
  const minute = Math.floor(Date.now() / 60_000);
  const past = [3, 2, 1].flatMap((ago) => row((minute - ago) * 60_000 + 5_000));
  await sendInOrder(() => system.ingestUrl, key, [...past, ...row(Date.now())], 500);
  await evaluated(system, VENUE);
  feed = new Feed();
});

afterAll(async () => {
  await feed?.end();
  await browser?.close();
  await system?.stop();
});

/** Everybody's fix at a time, one frame: the first few stand together, as many as the minute says. */
function row(timeMs: number): WireFix[] {
  const together = Math.floor(timeMs / 60_000) % 2 === 0 ? TOGETHER.even : TOGETHER.odd;
  return Array.from({ length: DEVICES }, (_, i) => {
    const eastM = i < together ? i * 4.5 : 200 + i * 30;
    return {
      device_id: `walker ${i}`,
      venue_id: VENUE,
      timestamp: timeMs,
      position: { longitude: 13.4 + eastM / 67_900, latitude: 52.5, floor: 0, accuracy: 0.1 },
    };
  });
}

/** Lines that minutes can have: each of those who stand together is near to the next. */
const LINES = [TOGETHER.even - 1, TOGETHER.odd - 1];

/** Everybody reports twice a second, whatever is killed, until told to end. */
class Feed {
  private ended = false;
  private readonly ending = this.run();

  private async run(): Promise<void> {
    while (!this.ended) {
      await sendInOrder(() => system.ingestUrl, key, row(Date.now()), DEVICES);
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }

  async end(): Promise<void> {
    this.ended = true;
    await this.ending;
  }
}

/** Waits until the map is live and shows the lines of the newest evaluated minute, as the api has them. */
async function expectTrue(page: Page): Promise<void> {
  await vi.waitFor(async () => {
    const { newest_minute } = await system.status(VENUE);
    const { pairs } = await system.json<{ pairs: object[] }>(`/v1/venues/${VENUE}/minutes/${newest_minute}`);
    expect(LINES).toContain(pairs.length);
    expect(await factsOf(page)).toEqual({ connection: "live", minute: "", circles: DEVICES, lines: pairs.length });
  }, PATIENCE);
}

function expectHonest(seen: readonly MapFacts[]): void {
  expect(seen.length).toBeGreaterThan(0);
  for (const { lines, connection } of seen) {
    expect([0, ...LINES]).toContain(lines);
    if (connection === "lost") expect(lines).toBe(0);
  }
}

describe("an open map outlives what it depends on, without a reload", () => {
  let page: Page;
  let seen: () => Promise<MapFacts[]>;

  beforeAll(async () => {
    page = await openMap(system, browser, `venue=${VENUE}`, SMALL);
    await page.waitForSelector('#map[data-connection="live"][data-circles]');
    await expectTrue(page);
    await page.evaluate(() => Object.assign(globalThis, { isTheSamePage: true }));
    seen = await watchFacts(page);
  });

  async function expectSurvived(): Promise<void> {
    await expectTrue(page);
    expect(await page.evaluate(() => "isTheSamePage" in globalThis)).toBe(true);
    expectHonest(await seen());
  }

  test("api: says that the connection is lost, and comes back by itself", async () => {
    await system.kill("api");
    await page.waitForSelector('#map[data-connection="lost"][data-lines="0"]', { timeout: 20_000 });
    await page.getByRole("button", { name: "Try now" }).waitFor();
    await system.startService("api");
    await expectSurvived();
    expect(await page.locator(".notice-lost").count()).toBe(0);
  });

  test("Redis: says that the server has trouble, and comes back by itself", async () => {
    await system.redis.kill();
    await page.waitForSelector('#map[data-connection="lost"][data-lines="0"]', { timeout: 30_000 });
    await page.locator(".notice-lost").waitFor();
    await system.redis.restart();
    await expectSurvived();
    expect(await page.locator(".notice-lost").count()).toBe(0);
  });

  test("ingest: stays live, and what comes after it is back is seen", async () => {
    await system.kill("ingest");
    await system.startService("ingest");
    const late = { ...(row(Date.now())[0] as WireFix), device_id: "late" };
    late.position = { ...late.position, latitude: 52.51 };
    await sendInOrder(() => system.ingestUrl, key, [late], 1);
    await expect.poll(async () => (await factsOf(page)).circles, PATIENCE).toBe(DEVICES + 1);
    expect((await factsOf(page)).connection).toBe("live");
    expectHonest(await seen());
  });

  test("a server that lets nobody else in: another map says so, and comes in by itself when one leaves", async () => {
    await system.restartWith("api", { API_VIEWERS_MAX: "1" });
    await expect.poll(async () => (await factsOf(page)).connection, PATIENCE).toBe("live");
    const other = await openMap(system, browser, `venue=${VENUE}`, SMALL);
    await other.waitForSelector('#map[data-connection="busy"][data-lines="0"]');
    const notice = other.locator(".notice-lost", { hasText: "Server busy" });
    await notice.getByText("is asked again by itself").waitFor();
    await page.context().close();
    await other.waitForSelector('#map[data-connection="live"][data-circles]', { timeout: 40_000 });
    await notice.waitFor({ state: "detached" });
    await other.context().close();
  });
});
