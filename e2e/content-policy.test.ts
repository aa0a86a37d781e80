import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openChromium } from "../visualizer/test/open-chromium.ts";
import { png, rasterArchive } from "../visualizer/test/tile-archive.ts";
import { BaseServer } from "./base-server.ts";
import { openMap, SMALL } from "./map-page.ts";
import { System } from "./system.ts";

let system: System;
let browser: Browser;
let page: Page;
let breaches: string[];

beforeAll(async () => {
  [system, browser] = await Promise.all([System.start(), openChromium()]);
  await system.newVenue("policy", {});
  page = await openMap(system, browser, "venue=policy", SMALL);
  breaches = breachesOf(page);
});
afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

afterEach(() => {
  breaches.length = 0;
});

/** Tells of every breach of the policy, of a page and of what it loads. */
function breachesOf(page: Page): string[] {
  const breaches: string[] = [];
  page.on("console", (message) => {
    if (/Content Security Policy/i.test(message.text())) breaches.push(`${page.url()}: ${message.text()}`);
  });
  page.on("requestfailed", (request) => {
    if (/csp/i.test(request.failure()?.errorText ?? "")) breaches.push(`${page.url()}: ${request.url()}`);
  });
  return breaches;
}

/** Loads a page. @returns its policy */
async function load(place: string): Promise<string> {
  await page.goto("about:blank");
  const answer = await page.goto(`${system.apiUrl}${place}`, { waitUntil: "load" });
  return answer?.headers()["content-security-policy"] ?? "";
}

test("no page needs more than the content policy allows, and the policy allows nothing inline", async () => {
  for (const place of [
    "/#venue=policy",
    "/#venue=policy&device=a",
    "/#venue=policy&panel=network",
    "/#manage=policy",
    "/#account",
    "/#audit=policy",
    "/docs",
    "/sign-in/none",
  ]) {
    const policy = await load(place);
    expect(policy, place).toContain("default-src 'none'");
    expect(policy, place).not.toMatch(/unsafe-(inline|eval)/);
    if (place.startsWith("/#venue")) await page.waitForSelector('[data-connection="live"]');
    if (place === "/docs") await page.getByText("/v1/venues", { exact: true }).first().waitFor();
    await page.emulateMedia({ media: "print" });
    await page.pdf();
    await page.emulateMedia({ media: "screen" });
  }
  expect(breaches).toEqual([]);
});

describe("a base that is configured is within the policy", () => {
  const base = new BaseServer();
  const folder = mkdtempSync(join(tmpdir(), "encounter-base-"));
  const archive = rasterArchive([20, 200, 20], [190, 60, 170]);
  const NONE = { MAPBOX_TOKEN: "", MAP_STYLE_URL: "", MAP_PMTILES_URL: "", MAP_PMTILES_FILE: "" };

  beforeAll(async () => {
    await base.start();
    base.files.set("/tile.png", png([190, 60, 170]));
    base.files.set("/style.json", new TextEncoder().encode(styleOf(`${base.url}/tile.png`)));
    base.files.set("/base.pmtiles", archive);
    writeFileSync(join(folder, "base.pmtiles"), archive);
    // Mapbox's service is not there in any test: what it would answer to a page that may ask it.
    const cors = { "access-control-allow-origin": "*" };
    await page.route(/^https:\/\/(api|events)\.mapbox\.com/, (route) => {
      const { pathname } = new URL(route.request().url());
      base.asked.push(pathname);
      if (pathname === "/tile.png") return route.fulfill({ headers: cors, body: Buffer.from(png([20, 200, 20])) });
      return route.fulfill({ headers: cors, json: JSON.parse(styleOf("https://api.mapbox.com/tile.png")) });
    });
  });

  afterAll(() => {
    base.stop();
    rmSync(folder, { recursive: true });
  });

  test.each<[name: string, settings: () => Record<string, string>, engine: string, kind: string, asked: string | null]>(
    [
      ["a style", () => ({ MAP_STYLE_URL: `${base.url}/style.json` }), "maplibre", "style", "/tile.png"],
      [
        "a style, and Mapbox's engine",
        () => ({ MAPBOX_TOKEN: "pk.nobody", MAP_STYLE_URL: `${base.url}/style.json` }),
        "mapbox",
        "style",
        "/tile.png",
      ],
      ["Mapbox's own", () => ({ MAPBOX_TOKEN: "pk.nobody" }), "mapbox", "style", "/tile.png"],
      [
        "an archive elsewhere",
        () => ({ MAP_PMTILES_URL: `${base.url}/base.pmtiles` }),
        "maplibre",
        "archive",
        "/base.pmtiles",
      ],
      [
        "an archive of its own",
        () => ({ MAP_PMTILES_FILE: join(folder, "base.pmtiles") }),
        "maplibre",
        "archive",
        null,
      ],
    ],
  )("%s", async (_, settings, engine, kind, asked) => {
    await system.restartWith("api", { ...NONE, ...settings() });
    base.asked.length = 0;
    expect(await load("/#venue=policy&at=10,50,3")).not.toMatch(/unsafe-(inline|eval)/);
    await page.waitForSelector(`#map[data-connection="live"][data-engine="${engine}"][data-base="${kind}"]`);
    if (asked !== null) await expect.poll(() => base.asked).toContain(asked);
    expect(await page.getByText("The base map could not be loaded").count()).toBe(0);
    expect(breaches).toEqual([]);
  });

  test("but not one whose tiles come from an origin that nobody named, and that is heard of", async () => {
    const elsewhere = `${base.url.replace("127.0.0.1", "localhost")}/tile.png`;
    base.files.set("/elsewhere.json", new TextEncoder().encode(styleOf(elsewhere)));
    await system.restartWith("api", { ...NONE, MAP_STYLE_URL: `${base.url}/elsewhere.json` });
    await load("/#venue=policy&at=10,50,3");
    await expect.poll(() => breaches.join()).toContain(elsewhere);
  });
});

test("an inline style would be heard of, too", async () => {
  await page.evaluate(() => document.body.insertAdjacentHTML("beforeend", "<p style='color:red'>x</p>"));
  await expect.poll(() => breaches.length).toBeGreaterThan(0);
});

/** A style of pictures, all from one place. */
function styleOf(tileUrl: string): string {
  const source = { type: "raster", tiles: [tileUrl], tileSize: 256, maxzoom: 4 };
  return JSON.stringify({
    version: 8,
    sources: { tiles: source },
    layers: [{ id: "tiles", type: "raster", source: "tiles" }],
  });
}
