import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openChromium } from "./open-chromium.ts";
import { ANCHOR, StageServer, square } from "./stage-server.ts";
import { rasterArchive, vectorArchive } from "./tile-archive.ts";

const PAINTED = "rgb(190, 60, 170)";
const PATIENT = { timeout: 120_000 };
const LIVE = '#map[data-connection="live"]';

let browser: Browser;
let stage: StageServer;
let page: Page;
let troubles: string[];
let foreign: string[];

/** Mapbox's service, which is not there in any test. */
const MAPBOX = /(api|events)\.mapbox\.com/;

/** Text that the browser says of itself, not of the page. */
const BROWSER_TALK = /GPU stall|WebSocket connection to|Failed to load resource|Password forms/;

/** Each pixel more is drawn by the processor. */
const USUAL = { width: 900, height: 540 };
/** For a plan in which rooms have names. */
const LARGE = { viewport: { width: 1_000, height: 800 } };
/** For the world, which is land and sea wherever one looks. */
const SMALL = { viewport: { width: 480, height: 360 } };

/** @param away requests that find nobody */
async function open(hash = "", options: BrowserContextOptions = {}, away?: RegExp): Promise<void> {
  const context = await browser.newContext({ viewport: USUAL, locale: "en-GB", ...options });
  page = await context.newPage();
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("console", (message) => {
    const bad = message.type() === "error" || message.type() === "warning";
    if (bad && !BROWSER_TALK.test(message.text())) troubles.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(stage.url) && !/^(blob|data):/.test(request.url())) foreign.push(request.url());
  });
  if (away !== undefined) await page.route(away, (route) => route.abort());
  await page.goto(`${stage.url}/${hash}`);
}

async function seen(): Promise<Record<string, string | undefined>> {
  return page.evaluate(() => ({ ...document.getElementById("map")?.dataset }));
}

function showWhatLiesOver(isShown: boolean): Promise<void> {
  return page.evaluate(
    (visibility) => {
      for (const over of document.querySelectorAll<HTMLElement>(".stage > :not(.map)"))
        over.style.visibility = visibility;
    },
    isShown ? "" : "hidden",
  );
}

/** How many pixels of the map, without what lies over it, are nearly of each colour: one, or a name's in the page's theme. */
async function pixelsOf(names: readonly string[]): Promise<number[]> {
  await showWhatLiesOver(false);
  const picture = (await page.locator("#map").screenshot()).toString("base64");
  await showWhatLiesOver(true);
  return page.evaluate(
    async ({ base64, names }) => {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const pen = new OffscreenCanvas(image.width, image.height).getContext("2d", { willReadFrequently: true })!;
      const wanted = names.map((name) => {
        const themed = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
        pen.fillStyle = name.startsWith("--") ? themed : name;
        pen.fillRect(0, 0, 1, 1);
        return pen.getImageData(0, 0, 1, 1).data;
      });
      pen.drawImage(image, 0, 0);
      const { data } = pen.getImageData(0, 0, image.width, image.height);
      return wanted.map((colour) => {
        let count = 0;
        for (let i = 0; i < data.length; i += 4) {
          const off = [0, 1, 2].reduce((sum, c) => sum + Math.abs(data[i + c]! - colour[c]!), 0);
          if (off < 30) count++;
        }
        return count;
      });
    },
    { base64: picture, names },
  );
}

/** Waits until more of each colour is drawn than is asked for, all in one picture. */
async function expectDrawn(least: Readonly<Record<string, number>>): Promise<void> {
  const names = Object.keys(least);
  const missing = async () => {
    const counts = await pixelsOf(names);
    return names.flatMap((name, i) => (counts[i]! > least[name]! ? [] : [`${name}: ${counts[i]} of ${least[name]}`]));
  };
  await expect.poll(missing, { timeout: 20_000, interval: 300 }).toEqual([]);
}

beforeAll(async () => {
  const built = existsSync(fileURLToPath(new URL("../dist/index.html", import.meta.url)));
  if (!built) throw new Error("The map is not built: run `npm run build` first.");
  browser = await openChromium();
}, 60_000);

afterAll(() => browser?.close());

async function setStage(): Promise<void> {
  troubles = [];
  foreign = [];
  stage = new StageServer();
  stage.plan = [square("floor", 0, -20, -20, 40), square("room", 0, -18, 2, 16, "Зал Ωμέγα 会議室 Łódź")];
  stage.actors = [
    { name: "red one", eastM: -8, northM: -6, accuracyM: 2 },
    { name: "red two", eastM: -4, northM: -6 },
    { name: "amber", eastM: -6, northM: -2 },
    { name: "alone", eastM: 12, northM: -10, accuracyM: 3 },
    { name: "upstairs", eastM: 3, northM: 3, floor: 1 },
  ];
  stage.lines = [
    { a: 0, b: 1, minutes: 7, reachM: 4 },
    { a: 0, b: 2, minutes: 2, reachM: 9 },
  ];
  await stage.start();
}

async function clearStage(): Promise<void> {
  await page?.context().close();
  await stage.stop();
}

/** A stage and a page for each test of a suite. */
function onStagesOfTheirOwn(): void {
  beforeEach(setStage);
  afterEach(clearStage);
}

describe.each(["maplibre", "mapbox"])("the map on %s", (engine) => {
  onStagesOfTheirOwn();

  // Mapbox's engine has a style of our own and a token that nobody takes: as far as it goes without its service.
  const bases = engine === "maplibre" ? (["own", "style"] as const) : (["style"] as const);
  it.each(bases)("draws plan, discs and lines with their colours over its base: %s", PATIENT, async (base) => {
    stage.files.set("/assets/style.json", json(paintedStyle()));
    const token = engine === "mapbox" ? { mapbox_token: "pk.nobody" } : {};
    if (base === "style") stage.config = { map: { ...token, style_url: "/assets/style.json" } };
    await open("", LARGE, MAPBOX);
    await page.waitForSelector(
      `${LIVE}[data-engine="${engine}"][data-base="${base}"][data-circles="4"][data-lines="2"]`,
    );
    expect(await seen()).toMatchObject({ minute: "", floor: "0", venue: "stage" });
    const devices = { "--map-contact": 60, "--map-near": 30, "--map-device": 30 };
    const ground: Record<string, number> = base === "style" ? { [PAINTED]: 60_000 } : {};
    await expectDrawn({ ...devices, ...ground, "--map-room": 2_000, "--map-label": 20 });
    if (engine === "mapbox") expect(await coveredParts(".mapboxgl-ctrl-logo")).toEqual([]);
  });

  // Where Mapbox's engine cannot start it is given up in one way: the first shows it.
  it.each([
    ["is not there", "/assets/missing.json"],
    ...(engine === "maplibre" ? [["is none", "/assets/broken.json"]] : []),
  ])("shows the outline of the world where the style %s, and says so", PATIENT, async (_, url) => {
    stage.files.set("/assets/broken.json", new TextEncoder().encode("<html>"));
    stage.config = { map: { ...(engine === "mapbox" ? { mapbox_token: "pk.nobody" } : {}), style_url: url } };
    await open("#venue=stage&at=10,50,3", SMALL, MAPBOX);
    await page.waitForSelector(`${LIVE}[data-engine="maplibre"][data-base="own"]`);
    await page.getByText("The base map could not be loaded").waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByText("The base map could not be loaded").waitFor({ state: "detached" });
    await expectDrawn({ "--map-land": 15_000 });
  });
});

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** A style of one colour, with a source. */
function paintedStyle(sources: object = {}, layers: readonly object[] = []): object {
  const background = { id: "ground", type: "background", paint: { "background-color": PAINTED } };
  return { version: 8, sources, layers: [background, ...layers] };
}

/** Corners and middle of an element, as far as something else lies over them. */
async function coveredParts(selector: string): Promise<string[]> {
  await page.waitForSelector(selector);
  return page.evaluate((wanted) => {
    const element = document.querySelector(wanted)!;
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const places = [left + 3, (left + right) / 2, right - 3].flatMap((x) => [top + 3, bottom - 3].map((y) => [x, y]));
    return places.flatMap(([x, y]) => {
      const over = document.elementFromPoint(x!, y!);
      return over !== null && (element.contains(over) || over.contains(element)) ? [] : [over?.className ?? "nothing"];
    });
  }, selector);
}

describe("a base", PATIENT, () => {
  onStagesOfTheirOwn();

  it("of pictures comes from an archive, in ranges, and from nobody else", async () => {
    stage.files.set("/v1/base.pmtiles", rasterArchive([20, 200, 20], [190, 60, 170]));
    stage.config = { map: { pmtiles_url: "/v1/base.pmtiles" } };
    await open();
    await page.waitForSelector(`${LIVE}[data-base="archive"][data-circles="4"]`);
    await expectDrawn({ [PAINTED]: 60_000, "--map-room": 2_000, "--map-contact": 60 });
    expect(await page.locator(".maplibregl-ctrl-attrib").textContent()).toContain("Painted by a test");
    expect([foreign, troubles]).toEqual([[], []]);
  });

  it("of vectors is drawn in the page's colours, dark and light", async () => {
    stage.files.set("/v1/base.pmtiles", vectorArchive({ earth: 1, water: 0.25 }));
    stage.config = { map: { pmtiles_url: "/v1/base.pmtiles" } };
    await open("#venue=stage&at=-90,20,3", { ...SMALL, colorScheme: "dark" });
    await page.waitForSelector(`${LIVE}[data-base="archive"]`);
    // Earth all over, but for the west, which is water.
    await expectDrawn({ "--map-land": 10_000, "--map-sea": 10_000 });
    await page.emulateMedia({ colorScheme: "light" });
    await expectDrawn({ "--map-land": 10_000, "--map-sea": 10_000 });
    expect([foreign, troubles]).toEqual([[], []]);
  });

  it.each<[string, Uint8Array | null]>([
    ["is not there", null],
    ["is no archive", new TextEncoder().encode("nothing of the kind".repeat(20))],
    ["holds nothing that is known", vectorArchive({ cheese: 1 })],
  ])("whose archive %s leaves the outline of the world", async (_, archive) => {
    if (archive !== null) stage.files.set("/v1/base.pmtiles", archive);
    stage.config = { map: { pmtiles_url: "/v1/base.pmtiles" } };
    await open("#venue=stage&at=10,50,3", SMALL);
    await page.waitForSelector(`${LIVE}[data-base="own"]`);
    await page.getByText("The base map could not be loaded").waitFor();
    await expectDrawn({ "--map-land": 15_000 });
  });

  it("that has a style but no tiles is given up, too", async () => {
    const tiles = [`${stage.url}/tiles/{z}/{x}/{y}.png`];
    const source = { type: "raster", tiles, tileSize: 256 };
    stage.files.set(
      "/assets/style.json",
      json(paintedStyle({ tiles: source }, [{ id: "t", type: "raster", source: "tiles" }])),
    );
    stage.config = { map: { style_url: "/assets/style.json" } };
    await open("#venue=stage&at=10,50,3", SMALL, /\/tiles\//);
    await page.waitForSelector(`${LIVE}[data-base="own"]`);
    await page.getByText("The base map could not be loaded").waitFor();
    await expectDrawn({ "--map-land": 15_000 });
  });

  it("by Mapbox shows its mark uncovered, wide and narrow", async () => {
    stage.actors = [];
    stage.lines = [];
    stage.files.set("/assets/style.json", json(paintedStyle()));
    stage.config = { map: { mapbox_token: "pk.nobody", style_url: "/assets/style.json" } };
    for (const width of [1_000, 390]) {
      const viewport = { width, height: 800 };
      if (width === 1_000) await open("", { viewport }, MAPBOX);
      else await page.setViewportSize(viewport);
      await page.waitForSelector(`${LIVE}[data-engine="mapbox"]`);
      await page.locator(".notices", { hasText: "No device has reported" }).waitFor();
      expect(await coveredParts(".mapboxgl-ctrl-logo"), `at a width of ${width}`).toEqual([]);
    }
  });
});

describe("the map", PATIENT, () => {
  onStagesOfTheirOwn();

  it("asks nobody else for anything, under a strict policy, whatever script a room's name is in", async () => {
    await open("", LARGE);
    await page.waitForSelector(`${LIVE}[data-circles="4"]`);
    await expectDrawn({ "--map-contact": 60, "--map-label": 20 });
    // Far out, the world is drawn too.
    await page.setViewportSize(SMALL.viewport);
    await page.goto(`${stage.url}/#at=10,50,3`);
    await page.reload();
    await page.waitForSelector(LIVE);
    await expectDrawn({ "--map-land": 15_000 });
    expect(foreign).toEqual([]);
    expect(troubles).toEqual([]);
    expect(stage.asked.filter((path) => !/^\/(v1\/|assets\/|$)/.test(path))).toEqual([]);
  });

  it("speaks German to a German browser, and English on request", async () => {
    await open("", { ...SMALL, locale: "de-AT" });
    await page.waitForSelector(LIVE);
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("de");
    await page.getByLabel("Sprache").selectOption("en");
    await page.getByLabel("Language").waitFor();
    await page.reload();
    await page.getByLabel("Language").waitFor();
  });

  it("fits a telephone", async () => {
    await open("", { viewport: { width: 390, height: 844 } });
    await page.waitForSelector(`${LIVE}[data-circles="4"]`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await page.getByRole("option", { name: /^alone/ }).click();
    await page.getByRole("region", { name: "Device alone" }).waitFor();
    await expectDrawn({ "--map-contact": 30 });
  });

  it("draws ten thousand devices and lines", async () => {
    stage.actors = Array.from({ length: 10_000 }, (_, i) => {
      return { name: `d${i}`, eastM: (i % 100) * 0.4 - 20, northM: Math.floor(i / 100) * 0.4 - 20 };
    });
    stage.lines = Array.from({ length: 9_999 }, (_, i) => ({ a: i, b: i + 1, minutes: (i % 9) + 1 }));
    await open();
    await page.waitForSelector(`${LIVE}[data-circles="10000"][data-lines="9999"]`, { timeout: 30_000 });
    await expectDrawn({ "--map-contact": 1_000 });
    expect(troubles).toEqual([]);
  });
});

describe("a map that stays open", PATIENT, () => {
  beforeAll(async () => {
    await setStage();
    await open("", { colorScheme: "dark" });
    await page.waitForSelector(LIVE);
  });
  afterAll(clearStage);

  it("follows the system from dark to light without a reload", async () => {
    const floorColour = () =>
      page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--map-floor"));
    await expectDrawn({ "--map-floor": 1_000 });
    const before = await floorColour();
    await page.emulateMedia({ colorScheme: "light" });
    await expectDrawn({ "--map-floor": 1_000 });
    expect(await floorColour()).not.toBe(before);
  });

  it("keeps venue, floor, device and camera in the link, and Back goes back", async () => {
    await expect.poll(() => page.evaluate(() => location.hash)).toBe("#venue=stage&floor=0");
    await page.getByRole("radio", { name: /Floor 1/ }).focus();
    await page.keyboard.press("Space");
    await page.waitForSelector(`${LIVE}[data-floor="1"][data-circles="1"]`);
    await page.goBack();
    await page.waitForSelector(`${LIVE}[data-floor="0"][data-circles="4"]`);
    await page.goto(`${stage.url}/#venue=stage&floor=1&device=upstairs&at=${ANCHOR.longitude},${ANCHOR.latitude},20.5`);
    await page.reload();
    await page.waitForSelector(`${LIVE}[data-floor="1"]`);
    await page.getByRole("region", { name: "Device upstairs" }).waitFor();
    expect(await page.evaluate(() => location.hash)).toMatch(/&at=13\.400000,52\.500000,20\.50$/);
  });

  it("goes with the list by keyboard alone", async () => {
    await page.goto(`${stage.url}/#venue=stage&floor=0`);
    await page.waitForSelector(`${LIVE}[data-floor="0"]`);
    await page.keyboard.press("/");
    await page.keyboard.type("red");
    await expect.poll(() => page.getByRole("listbox").getByRole("option").count()).toBe(2);
    await page.getByRole("listbox").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.getByRole("region", { name: "Device red two" }).waitFor();
    await page.getByRole("button", { name: "red one" }).press("Enter");
    await page.getByRole("region", { name: "Device red one" }).waitFor();
    expect(await page.getByRole("region", { name: "Device red one" }).textContent()).toMatch(/7 min · certain/);
  });

  it("shows what a change brings, and nothing that it takes away", async () => {
    await page.goto(`${stage.url}/#venue=stage&floor=0`);
    await page.waitForSelector(`${LIVE}[data-circles="4"][data-lines="2"]`);
    stage.tell({
      firstName: 5,
      names: ["late"],
      fixes: [{ device: 5, eastM: 2 }],
      lines: [{ a: 0, b: 5, minutes: 1 }],
    });
    await page.waitForSelector(`${LIVE}[data-circles="5"][data-lines="1"]`);
    stage.tell({ lines: [] });
    await page.waitForSelector(`${LIVE}[data-circles="5"][data-lines="0"]`);
    await expect.poll(() => pixelsOf(["--map-contact"]), { timeout: 20_000 }).toEqual([0]);
  });

  it("drops the lines with the connection, and takes them from the snapshot when it is back", async () => {
    stage.tell({ lines: stage.lines });
    await page.waitForSelector(`${LIVE}[data-lines="2"]`);
    await stage.stop();
    await page.waitForSelector('#map[data-connection="lost"][data-lines="0"][data-circles="5"]');
    await page.getByRole("button", { name: "Try now" }).waitFor();
    stage.lines = [{ a: 1, b: 2, minutes: 9 }];
    await stage.start();
    await page.waitForSelector(`${LIVE}[data-lines="1"]`, { timeout: 40_000 });
  });

  it("asks to sign in when the session is over", async () => {
    stage.signedIn = false;
    await stage.stop();
    await stage.start();
    await page.waitForSelector('#map[data-connection="signed-out"]', { timeout: 40_000 });
    await page.getByLabel("Operator token").waitFor();
  });
});
