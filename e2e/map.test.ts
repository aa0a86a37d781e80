import type { WireFix } from "@encounter/core/wire/fix";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openChromium } from "../visualizer/test/open-chromium.ts";
import { signIn } from "./map-page.ts";
import { area, placeAt } from "./metres.ts";
import { sendInOrder } from "./sender.ts";
import { OPERATOR_TOKEN, System } from "./system.ts";

let system: System;
let browser: Browser;

beforeAll(async () => {
  [system, browser] = await Promise.all([System.start(), openChromium()]);
});

afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

const PLAN = {
  type: "FeatureCollection",
  features: [area("floor", 0, "Ground", [-20, -20, 20, 20]), area("room", 0, "Hall", [-15, -15, 15, 15])],
};

/** The seven last minutes of: two together, one who joined them two minutes ago, one apart, one on another floor. */
function hallFixes(venueId: string, nowMs = Date.now()): WireFix[] {
  const people: [device: string, eastM: number, northM: number, floor: number, sinceMinutes: number][] = [
    ["together-1", -8, 0, 0, 7],
    ["together-2", -6, 0, 0, 7],
    ["newcomer", -7, 2, 0, 2],
    ["apart", 12, -10, 0, 7],
    ["upstairs", -7, 0, 1, 7],
  ];
  return people.flatMap(([device_id, eastM, northM, floor, sinceMinutes]) =>
    Array.from({ length: sinceMinutes }, (_, i) => ({
      device_id,
      venue_id: venueId,
      timestamp: nowMs - (sinceMinutes - 1 - i) * 60_000,
      position: { ...placeAt(eastM, northM), floor, accuracy: 1 },
    })),
  );
}

async function openVenue(page: Page, venueId: string): Promise<void> {
  await signIn(system, page);
  await page.goto(`${system.apiUrl}/#venue=${encodeURIComponent(venueId)}`);
  await page.waitForSelector('[data-circles][data-connection="live"]');
}

/** How many pixels of a picture are nearly of a colour. Counted in a page of its own, which can read PNG. */
async function pixelsOf(picture: Buffer, colour: readonly [number, number, number]): Promise<number> {
  const page = await browser.newPage();
  const count = await page.evaluate(
    async ({ base64, red, green, blue }) => {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const drawing = new OffscreenCanvas(image.width, image.height).getContext("2d");
      drawing?.drawImage(image, 0, 0);
      const { data } = drawing?.getImageData(0, 0, image.width, image.height) ?? { data: new Uint8ClampedArray() };
      let near = 0;
      for (let i = 0; i < data.length; i += 4) {
        const off =
          Math.abs((data[i] ?? 0) - red) + Math.abs((data[i + 1] ?? 0) - green) + Math.abs((data[i + 2] ?? 0) - blue);
        if (off < 40) near += 1;
      }
      return near;
    },
    { base64: picture.toString("base64"), red: colour[0], green: colour[1], blue: colour[2] },
  );
  await page.close();
  return count;
}

/** The colour a name has in the page's theme. */
async function colourOf(page: Page, name: string): Promise<[number, number, number]> {
  const text = await page.evaluate((property) => {
    const probe = document.createElement("span");
    const map = document.querySelector("[data-circles]") ?? document.body;
    probe.style.color = getComputedStyle(map).getPropertyValue(property).trim();
    map.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  }, name);
  return (text.match(/\d+/g) ?? []).slice(0, 3).map(Number) as [number, number, number];
}

describe("the map", () => {
  test("draws circles, an amber line for who is near, a red one for a contact, and asks nobody else for anything", async () => {
    const key = await system.newVenue("hall", { name: "Hall", proximity: 5, min_minutes: 5 });
    await system.json("/v1/venues/hall/plan", { method: "PUT", body: JSON.stringify(PLAN) });
    await sendInOrder(() => system.ingestUrl, key, hallFixes("hall"), 100);

    const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    const foreign: string[] = [];
    page.on("request", (request) => {
      const isOwn = request.url().startsWith(system.apiUrl) || /^(blob|data):/.test(request.url());
      if (!isOwn) foreign.push(request.url());
    });
    await openVenue(page, "hall");
    const map = page.locator("[data-circles]");
    await page.waitForSelector('[data-circles="4"][data-lines="3"]');
    expect(await map.getAttribute("data-minute")).toBe("");

    const red = await colourOf(page, "--map-contact");
    const amber = await colourOf(page, "--map-near");
    await expect
      .poll(async () => pixelsOf(await map.screenshot(), red), { timeout: 20_000, interval: 500 })
      .toBeGreaterThan(60);
    expect(await pixelsOf(await map.screenshot(), amber)).toBeGreaterThan(60);
    expect(foreign).toEqual([]);
    await page.close();
  });

  test("a new fix reaches the open page", async () => {
    const key = await system.newVenue("moving", { name: "Moving" });
    const nowMs = Date.now();
    await sendInOrder(() => system.ingestUrl, key, hallFixes("moving", nowMs), 100);
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    await openVenue(page, "moving");
    await page.waitForSelector('[data-circles="4"][data-lines="3"]');
    const walker = { device_id: "walker", venue_id: "moving", timestamp: nowMs };
    await sendInOrder(
      () => system.ingestUrl,
      key,
      [{ ...walker, position: { ...placeAt(-8, 1), floor: 0, accuracy: 1 } }],
      1,
    );
    await page.waitForSelector('[data-circles="5"][data-lines="6"]');
    await page.close();
  });

  test("without a session there is a sign-in page, and the operator token opens it", async () => {
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    await page.goto(system.apiUrl);
    await page.getByLabel("Operator token").fill(OPERATOR_TOKEN);
    await page.keyboard.press("Enter");
    await page.waitForSelector('[data-connection="live"], [data-connection="connecting"]');
    await page.close();
  });

  test("a sign-in link works once", async () => {
    const page = await browser.newPage();
    const { url_path } = await system.json<{ url_path: string }>("/v1/sign-in-links", { method: "POST", body: "{}" });
    await page.goto(`${system.apiUrl}${url_path}`);
    await page.waitForSelector('[data-connection="live"], [data-connection="connecting"]');
    const other = await (await browser.newContext()).newPage();
    await other.goto(`${system.apiUrl}${url_path}`);
    await other.waitForSelector("input[type=password]");
    await other.waitForSelector('[data-connection="signed-out"]');
    await page.close();
    await other.close();
  });
});
