import { readFile } from "node:fs/promises";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openChromium } from "../visualizer/test/open-chromium.ts";
import { placeAt } from "./metres.ts";
import { sendInOrder } from "./sender.ts";
import { System } from "./system.ts";
import { firstMinuteOf, makeWard, WARD } from "./ward.ts";
import { comeTo, openWard } from "./ward-browser.ts";

interface ToldContact {
  readonly other: string;
  readonly start: number;
  readonly minutes: number;
  readonly certain_minutes: number;
  readonly path: { minute: number; distance: number; certain: boolean }[];
}

/** Browsers are slow on a machine that does other things. */
const PATIENT = { timeout: 20_000 };
const nowMs = Date.now();
let system: System;
let browser: Browser;
let page: Page;
let key: string;

beforeAll(async () => {
  [system, browser] = await Promise.all([System.start(), openChromium()]);
  key = await makeWard(system, nowMs);
  await vi.waitUntil(async () => (await system.status(WARD)).unevaluated_fixes === 0, { timeout: 30_000 });
  page = await openWard(system, browser);
});

afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

/** The contacts query for a device, as an operator's script would ask it. */
async function told(device: string, query: string): Promise<ToldContact[]> {
  const path = `/v1/venues/${WARD}/devices/${device}/contacts?limit=1000&${query}`;
  return (await system.json<{ contacts: ToldContact[] }>(path)).contacts;
}

const numberOf = async (name: string): Promise<number> =>
  Number.parseFloat((await page.locator(`[data-number=${name}] dd`).textContent()) ?? "");

async function expectNumbers(contacts: readonly ToldContact[]): Promise<void> {
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const minutes = contacts.map((contact) => contact.minutes);
  await expect.poll(() => numberOf("contacts"), PATIENT).toBe(contacts.length);
  expect(await numberOf("devices")).toBe(new Set(contacts.map(({ other }) => other)).size);
  expect(await numberOf("total")).toBe(sum(minutes));
  expect(await numberOf("certain")).toBe(sum(contacts.map((contact) => contact.certain_minutes)));
  expect(await numberOf("average")).toBeCloseTo(sum(minutes) / contacts.length, 1);
  expect(await numberOf("longest")).toBe(Math.max(...minutes));
}

const rowsOf = (): Locator => page.locator(".contacts tbody tr");
const startsOf = (): Promise<number[]> =>
  rowsOf().evaluateAll((rows) => rows.map((row) => Number((row as HTMLElement).dataset.start)));

describe("a device's page", () => {
  test("says the numbers of the contacts query, by whatever measure", async () => {
    await comeTo(page, "device=Ada");
    const usual = await told("Ada", "proximity=5&min_minutes=5");
    expect(usual.map(({ other }) => other)).toEqual(["Ben", "Cleo", "Ben"]);
    await expectNumbers(usual);
    for (const query of ["proximity=2", "proximity=2&min_minutes=3", "proximity=3.5&certain=true"]) {
      const contacts = await told("Ada", query);
      await page.evaluate((words) => {
        location.hash = `venue=ward&device=Ada&${words}`;
      }, query);
      await expectNumbers(contacts);
    }
  });

  test("sorts by any column, and says so", async () => {
    await comeTo(page, "device=Ada");
    await rowsOf().nth(2).waitFor();
    const contacts = await told("Ada", "");
    const byStart = contacts.map(({ start }) => start);
    await expect.poll(startsOf, PATIENT).toEqual(byStart.toReversed());
    const head = page.locator(".contacts .column-minutes");
    await head.getByRole("button").click();
    expect(await head.getAttribute("aria-sort")).toBe("descending");
    const longestFirst = contacts.toSorted((a, b) => b.minutes - a.minutes).map(({ start }) => start);
    expect(await startsOf()).toEqual(longestFirst);
    await head.getByRole("button").click();
    expect(await head.getAttribute("aria-sort")).toBe("ascending");
    expect(await startsOf()).toEqual(longestFirst.toReversed());
    expect(await page.locator(".contacts .column-start").getAttribute("aria-sort")).toBe("none");
  });

  test("gives the shown contacts as CSV and on paper", async () => {
    await comeTo(page, "device=Ada&proximity=2&min_minutes=3");
    const contacts = await told("Ada", "proximity=2&min_minutes=3");
    await expectNumbers(contacts);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByText("CSV").click()]);
    const [head, ...lines] = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
    expect(head).toMatch(/^device_id,other,start,end,minutes,certain_minutes/);
    const cells = lines.map((line) => line.split(","));
    expect(cells.map(([, other, start, , minutes]) => [other, Number(start), Number(minutes)])).toEqual(
      contacts.map(({ other, start, minutes }) => [other, start, minutes]),
    );

    await page.evaluate(() => {
      window.print = () => dispatchEvent(new Event("beforeprint"));
    });
    await page.getByRole("button", { name: "Print" }).click();
    await page.emulateMedia({ media: "print" });
    const sheet = page.locator(".print-sheet");
    expect(await page.locator("#page").isVisible()).toBe(false);
    expect(await sheet.locator("tbody tr").count()).toBe(contacts.length);
    const text = await sheet.textContent();
    for (const said of ["Device Ada", "Ward", "Europe/Berlin", "within 2 m for 3 min or more", "Printed"]) {
      expect(text).toContain(said);
    }
    await page.emulateMedia({ media: "screen" });
  });

  test("shows why: the minutes of a contact; a minute that is chosen is in the link, and Back leads back", async () => {
    await comeTo(page, "device=Ada");
    const cleo = (await told("Ada", "")).find(({ other }) => other === "Cleo")!;
    await page.locator('.contacts tr[data-other="Cleo"]').click();
    const minutes = page.locator(".minute");
    await minutes.first().waitFor();
    expect(new URL(page.url()).hash).toContain("other=Cleo");
    const shown = await minutes.evaluateAll((rows) =>
      rows.map((row) => ({
        minute: Number((row as HTMLElement).dataset.minute),
        apart: row.querySelector(".minute-apart")?.textContent ?? "",
        verdict: row.querySelector(".verdict")?.textContent ?? "",
      })),
    );
    expect(shown.map(({ minute }) => minute)).toEqual(cleo.path.map(({ minute }) => minute));
    cleo.path.forEach(({ distance, certain }, at) => {
      expect(shown[at]!.apart).toContain(`${distance.toFixed(1)} m`);
      expect(shown[at]!.verdict).toBe(certain ? "certain" : "possible");
    });
    expect(await minutes.first().textContent()).toContain("Ada± 1.0 m · Ward A, Floor 0");

    const second = cleo.path[1]!.minute;
    await minutes.nth(1).click();
    await expect.poll(() => new URL(page.url()).hash, PATIENT).toContain(`minute=${second}`);
    await page.locator(`.map[data-minute="${second}"]`).waitFor();
    expect(await minutes.nth(1).getAttribute("aria-selected")).toBe("true");
    await page.getByRole("button", { name: "Back to live" }).click();
    await expect.poll(() => new URL(page.url()).hash, PATIENT).not.toContain("minute=");
    await page.goBack();
    await rowsOf().first().waitFor();
    expect(new URL(page.url()).hash).not.toContain("other=");
  });

  test("a link to a minute of a contact opens that contact", async () => {
    const minute = firstMinuteOf(nowMs) + 3;
    await comeTo(page, `device=Ada&other=Ben&minute=${minute}`);
    await page.reload();
    await page.locator(`.minute[data-minute="${minute}"][aria-selected="true"]`).waitFor();
    expect(await page.locator(".minute").count()).toBe(10);
  });

  test("is walked by keyboard alone", async () => {
    await comeTo(page, "device=Ada");
    await rowsOf().nth(2).waitFor();
    await page.locator(".side .close").focus();
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
    const inTable = () => page.evaluate(() => document.activeElement?.matches(".contacts td button") ?? false);
    for (let presses = 0; !(await inTable()) && presses < 40; presses++) await page.keyboard.press("Tab");
    expect(await focused()).toBe("Ben");
    await page.keyboard.press("ArrowDown");
    expect(await focused()).toBe("Cleo");
    await page.keyboard.press("Enter");
    await page.locator(".minutes:focus").waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.locator('.minute:nth-child(2)[aria-selected="true"]').waitFor();
    const minute = firstMinuteOf(nowMs) + 31;
    await expect.poll(() => new URL(page.url()).hash, PATIENT).toContain(`minute=${minute}`);
    await page.keyboard.press("Escape");
    await expect.poll(focused, PATIENT).toBe("Cleo");
  });

  test("asks about the dates that are chosen, in the venue's time zone", async () => {
    const first = firstMinuteOf(nowMs) * 60_000;
    await comeTo(page, "device=Ada");
    await page.getByRole("button", { name: "Dates" }).click();
    const berlin = (timeMs: number) =>
      new Date(timeMs).toLocaleString("sv-SE", { timeZone: "Europe/Berlin" }).slice(0, 16).replace(" ", "T");
    await page.getByLabel("From", { exact: true }).fill(berlin(first));
    await page.getByLabel("To", { exact: true }).fill(berlin(first + 60 * 60_000));
    await page.getByRole("button", { name: "Show", exact: true }).click();
    await expectNumbers(await told("Ada", `from=${first}&to=${first + 3_600_000}`));
    expect(await startsOf()).toEqual([first + 30 * 60_000, first]);
    expect(new URL(page.url()).hash).toContain(`from=${first}&to=${first + 3_600_000}`);
  });

  test("a contact that happens now takes its place in the order that is chosen", async () => {
    await comeTo(page, "device=Ada");
    await rowsOf().nth(2).waitFor();
    const byMinutes = page.locator(".contacts .column-minutes").getByRole("button");
    await byMinutes.click();
    await byMinutes.click();
    const liveMs = Date.now();
    const fixes = [6, 5, 4, 3, 2, 1, 0].flatMap((ago) =>
      ["Ada", "Hal"].map((device_id, side) => ({
        device_id,
        venue_id: WARD,
        timestamp: liveMs - ago * 60_000,
        position: { ...placeAt(side, 10), floor: 0, accuracy: 0.5 },
      })),
    );
    await sendInOrder(() => system.ingestUrl, key, fixes, 100);
    await page.locator('.contacts tr[data-other="Hal"]').waitFor({ timeout: 60_000 });
    const minutes = await rowsOf().locator("td:nth-child(3)").allTextContents();
    expect(minutes.map(Number)).toEqual(minutes.map(Number).toSorted((a, b) => a - b));
    expect(minutes).toHaveLength(4);
  });
});
