import axe, { type AxeResults, type RunOptions } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openChromium } from "../visualizer/test/open-chromium.ts";
import { factsOf, openMap } from "./map-page.ts";
import { makeSmallVenue } from "./small-venue.ts";
import { System } from "./system.ts";

let system: System;
let browser: Browser;

beforeAll(async () => {
  [system, browser] = await Promise.all([System.start(), openChromium()]);
});

afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

const VENUE = "clinic";
const LIVE = '#map[data-connection="live"][data-circles="5"]';
const TELEPHONE = { width: 390, height: 844 };
const STILL = { reducedMotion: "reduce", viewport: { width: 1100, height: 720 } } as const;

/** What axe finds that keeps somebody from using the page, as lines to read: all of it in the dark, colours in the light. */
async function barriers(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
  return [...(await barriersIn(page, "dark", {})), ...(await barriersIn(page, "light", { runOnly: "color-contrast" }))];
}

async function barriersIn(page: Page, colorScheme: "dark" | "light", options: RunOptions): Promise<string[]> {
  await page.emulateMedia({ colorScheme });
  const { violations } = await page.evaluate(
    (asked) => (globalThis as unknown as { axe: typeof axe }).axe.run(asked) as Promise<AxeResults>,
    { ...options, resultTypes: ["violations"] } as RunOptions,
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => {
      const where = nodes.map((node) => `${node.html.slice(0, 160)} ${node.failureSummary?.split("\n")[1] ?? ""}`);
      return `${colorScheme}: ${id}: ${where.join("; ")}`;
    });
}

async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, `venue=${VENUE}&floor=0&${hash}`);
}

test("a page without venues, the sign-in page and one that reaches nobody have no barriers", async () => {
  const page = await openMap(system, browser, "", STILL);
  await page.getByRole("heading", { name: "No venue yet" }).waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.context().clearCookies();
  await page.reload();
  await page.getByLabel("Operator token").waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.route("**/v1/**", (route) => route.abort());
  await page.reload();
  await page.waitForSelector('#map[data-connection="lost"]');
  expect(await barriers(page)).toEqual([]);
  await page.context().close();
});

describe("the map page", () => {
  let page: Page;

  beforeAll(async () => {
    await makeSmallVenue(system, VENUE, "Clinic");
    page = await openMap(system, browser, `venue=${VENUE}&floor=0`, STILL);
    await page.waitForSelector(LIVE);
  });

  afterAll(() => page?.context().close());

  const lastMinute = () => Math.floor(Date.now() / 60_000) - 1;
  const STATES: readonly { name: string; hash: () => string; until: string }[] = [
    { name: "live", hash: () => "", until: LIVE },
    {
      name: "a past minute",
      hash: () => `minute=${lastMinute()}`,
      until: '#map[data-circles="5"]:not([data-minute=""])',
    },
    { name: "another measure", hash: () => "proximity=2", until: ".notice-tried" },
    { name: "a selected device", hash: () => "device=Tag+1", until: ".side tbody tr" },
    { name: "why a contact counts", hash: () => "device=Tag+1&other=Tag+2", until: ".why .minute" },
    { name: "the watch panel", hash: () => "panel=watch", until: ".side" },
    { name: "the network", hash: () => "panel=network", until: ".side" },
    { name: "what the map shows as a table", hash: () => "panel=table", until: ".side tbody tr" },
  ];

  test.each(STATES)("$name has no barriers", async ({ hash, until }) => {
    await goTo(page, hash());
    await page.waitForSelector(until);
    expect(await barriers(page)).toEqual([]);
  });

  test("the view sheet has no barriers", async () => {
    await goTo(page, "");
    const button = page.getByRole("button", { name: "View", exact: true });
    await button.click();
    await page.locator(".view-sheet").waitFor();
    expect(await barriers(page)).toEqual([]);
    await button.click();
  });

  test("on a telephone the map and a selected device have no barriers", async () => {
    await page.setViewportSize(TELEPHONE);
    await goTo(page, "");
    await page.waitForSelector(LIVE);
    expect(await barriers(page)).toEqual([]);
    await goTo(page, "device=Tag+1");
    await page.waitForSelector(".side tbody tr");
    expect(await barriers(page)).toEqual([]);
    await page.setViewportSize(STILL.viewport);
  });

  test("the pages on which venues are kept have no barriers", async () => {
    for (const [hash, until] of [
      ["manage", "h1"],
      [`manage=${VENUE}`, ".venue-head h1"],
      ["account", "#owner-title"],
      ["audit", ".audit-table"],
    ] as const) {
      await page.evaluate((to) => {
        location.hash = to;
      }, hash);
      await page.waitForSelector(until);
      expect(await barriers(page), hash).toEqual([]);
    }
    await page.setViewportSize(TELEPHONE);
    expect(await barriers(page)).toEqual([]);
    await page.setViewportSize(STILL.viewport);
  });

  test("the question before a device is erased, and the receipt, have no barriers", async () => {
    await page.evaluate((to) => {
      location.hash = to;
    }, `manage=${VENUE}`);
    await page.getByLabel("Device’s id").fill("nobody's");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    expect(await barriers(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Erase the device" }).click();
    await page.locator(".erasure-complete").waitFor();
    expect(await barriers(page)).toEqual([]);
  });

  test("one's own account with a second factor on offer has no barriers", async () => {
    await system.json("/v1/accounts/ada", { method: "PUT", body: JSON.stringify({ roles: { [VENUE]: ["auditor"] } }) });
    const { url_path: path } = await system.json<{ url_path: string }>("/v1/accounts/ada/link", { method: "POST" });
    const context = await browser.newContext({ locale: "en-GB", ...STILL });
    const data = { code: path.slice(15), password: "a password of tests" };
    await context.request.post(`${system.apiUrl}/v1/password`, { data });
    const own = await context.newPage();
    await own.goto(`${system.apiUrl}/#account`);
    await own.getByRole("button", { name: "Set up" }).click();
    await own.getByRole("img", { name: /^QR code/ }).waitFor();
    expect(await barriers(own)).toEqual([]);
    await context.close();
  });
});

describe("by keyboard alone", () => {
  let page: Page;

  beforeAll(async () => {
    await system.newVenue("attic", { name: "Attic" });
    await makeSmallVenue(system, "ward", "Ward");
    page = await openMap(system, browser, "venue=ward&floor=0", STILL);
    await page.waitForSelector(LIVE);
  });

  afterAll(() => page?.context().close());

  /** What has the focus: what it is called, and whether one sees that it has it. */
  function focused(): Promise<{ name: string; isSeen: boolean }> {
    return page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      const labels = (element as HTMLInputElement).labels;
      const name = element.getAttribute("aria-label") ?? labels?.[0]?.textContent ?? element.textContent ?? "";
      // A radio button is drawn by its neighbour, the time slider by what is around it.
      const around = [element, element.nextElementSibling, element.parentElement];
      const isSeen = around.some((each) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(each ?? element);
        return outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0;
      });
      return { name: element === document.body ? "" : name.trim(), isSeen };
    });
  }

  /** Presses Tab until something of a name has the focus. @returns what had it on the way */
  async function tabTo(name: RegExp, key = "Tab"): Promise<string[]> {
    const passed: string[] = [];
    for (let press = 0; press < 90; press++) {
      await page.keyboard.press(key);
      const stop = await focused();
      if (stop.name !== "") expect(stop).toEqual({ ...stop, isSeen: true });
      passed.push(stop.name);
      if (name.test(stop.name)) return passed;
    }
    throw new Error(`Tab never comes to ${name}, but to ${passed.join(", ")}`);
  }

  const minuteShown = async () => (await factsOf(page)).minute;

  test("every control of the map page is reached, and one sees where one is", async () => {
    const stops = await tabTo(/^Live$/);
    for (const name of [
      /^Venue$/,
      /^Ground/,
      /^Language$/,
      /^Audit log$/,
      /^Your account$/,
      /^Sign out$/,
      /^View$/,
      /^Zoom in$/,
      /^Search/,
      /^All/,
      /^Devices$/,
      /^Play$/,
      /^Speed$/,
      /^Go to a date/,
      /A minute back$/,
      /^Time shown/,
      /^What the slider covers/,
    ]) {
      expect(stops.filter((stop) => name.test(stop)).length, `${name} among ${stops.join(" | ")}`).toBeGreaterThan(0);
    }
  });

  test("time is turned, played and brought back to the present", async () => {
    await tabTo(/A minute back$/);
    await page.keyboard.press("Enter");
    await expect.poll(minuteShown).not.toBe("");
    await tabTo(/^Live$/);
    await page.keyboard.press("Enter");
    await expect.poll(minuteShown).toBe("");
    await tabTo(/^Play$/);
    await page.keyboard.press("Space");
    await expect.poll(async () => (await focused()).name).toBe("Pause");
    await page.keyboard.press("Space");
    await tabTo(/^Live$/);
    await page.keyboard.press("Enter");
  });

  test("the view sheet opens, its sliders turn and its layers switch", async () => {
    await tabTo(/^View$/);
    await page.keyboard.press("Enter");
    await tabTo(/^Near within/);
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => page.evaluate(() => location.hash)).toContain("proximity=4.9");
    const stops = await tabTo(/^Lines/);
    expect(stops.some((name) => /^Contact from/.test(name))).toBe(true);
    await page.keyboard.press("Space");
    await expect.poll(() => page.evaluate(() => location.hash)).toContain("layers=");
    await page.keyboard.press("Space");
    await page.keyboard.press("Escape");
    expect((await focused()).name).toBe("View");
    expect(await page.locator(".view-sheet").count()).toBe(0);
  });

  test("a device is chosen from the list, and its panel closed", async () => {
    await tabTo(/^Devices$/);
    await page.keyboard.press("ArrowDown");
    await page.getByRole("region", { name: "Device Tag 1" }).waitFor();
    await tabTo(/^Close$/);
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(".side").count()).toBe(0);
  });

  const linkHolds = (words: string) => expect.poll(() => page.evaluate(() => location.hash)).toContain(words);
  const valueOfFocused = () => page.evaluate(() => (document.activeElement as HTMLSelectElement).value);

  /** Turns the list that has the focus by a key. @returns what it says then */
  async function turn(key: string): Promise<string> {
    const before = await valueOfFocused();
    await page.keyboard.press(key);
    await expect.poll(valueOfFocused).not.toBe(before);
    return valueOfFocused();
  }

  test("venue, floor, speed and what the slider covers are turned", async () => {
    await tabTo(/^Venue$/);
    expect(await turn("Home")).toBe("attic");
    await page.waitForSelector('#map[data-venue="attic"][data-connection="live"][data-circles="0"]');
    expect(await turn("End")).toBe("ward");
    await linkHolds("venue=ward");
    await page.waitForSelector(LIVE);
    await tabTo(/^Ground/);
    await page.keyboard.press("ArrowUp");
    await page.waitForSelector('#map[data-floor="1"][data-circles="1"]');
    await page.keyboard.press("ArrowDown");
    await page.waitForSelector('#map[data-floor="0"][data-circles="5"]');
    await tabTo(/^Speed$/);
    expect(await turn("ArrowDown")).toBe("300");
    await tabTo(/^What the slider covers/);
    await turn("ArrowDown");
    await turn("ArrowUp");
  });

  test("a device is searched for and chosen, and one looks into a contact of it", async () => {
    // In a list a slash is a letter.
    await tabTo(/^Live$/);
    await page.keyboard.press("/");
    expect((await focused()).name).toBe("Search devices");
    await page.keyboard.type("Tag 2");
    await linkHolds("q=Tag+2");
    await tabTo(/^Devices$/);
    await page.keyboard.press("ArrowDown");
    await page.getByRole("region", { name: "Device Tag 2" }).waitFor();
    await page.locator(".side tbody tr").first().waitFor();
    await tabTo(/^Tag [13]$/);
    await page.keyboard.press("ArrowDown");
    const { name } = await focused();
    expect(name).toMatch(/^Tag [13]$/);
    await page.keyboard.press("Enter");
    await linkHolds(`other=${name.replace(" ", "+")}`);
    await page.locator(".why .minute").first().waitFor();
    await tabTo(/Contacts|contacts/);
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await focused()).name).toBe(name);
    await page.keyboard.press("/");
    // The browser's own way out of a search is to empty it.
    await page.keyboard.press("Escape");
    await expect.poll(() => page.evaluate(() => location.hash)).not.toContain("q=");
    await tabTo(/^Close$/);
    await page.keyboard.press("Enter");
  });

  test("what is shown is taken away", async () => {
    await tabTo(/^View$/);
    await page.keyboard.press("Enter");
    for (const [name, file] of [
      [/^Picture/, "map.png"],
      [/^Devices \(CSV\)/, "devices.csv"],
      [/^Lines \(CSV\)/, "lines.csv"],
      [/^GeoJSON/, "map.geojson"],
    ] as const) {
      await tabTo(name);
      const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
      expect(download.suggestedFilename()).toMatch(new RegExp(`^ward-.*-${file}$`));
    }
    await page.keyboard.press("Escape");
  });
});
