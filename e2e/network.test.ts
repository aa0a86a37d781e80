import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openChromium } from "../visualizer/test/open-chromium.ts";
import { System } from "./system.ts";
import { firstMinuteOf, makeWard, WARD } from "./ward.ts";
import { comeTo, openWard } from "./ward-browser.ts";

/** Browsers are slow on a machine that does other things. */
const PATIENT = { timeout: 20_000 };
const nowMs = Date.now();
let system: System;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [system, browser] = await Promise.all([System.start(), openChromium()]);
  await makeWard(system, nowMs);
  await vi.waitUntil(async () => (await system.status(WARD)).unevaluated_fixes === 0, { timeout: 30_000 });
  page = await openWard(system, browser);
});

afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

async function openNetwork(place = ""): Promise<void> {
  await comeTo(page, `panel=network${place}`);
  await page.locator('.graph[data-settled="true"]').waitFor();
}

async function ask(from: string, to: string): Promise<void> {
  await page.getByLabel("From device").fill(from);
  await page.getByLabel("To device").fill(to);
}

const stepsOf = (): Promise<string[]> => page.locator(".chain .step b").allTextContents();

describe("the network view", () => {
  test("has a node for each device of the venue's contacts and a link for each pair, by the measure", async () => {
    const queries: Record<string, number>[] = [{}, { min_minutes: 3 }, { proximity: 2.5 }];
    for (const query of queries) {
      const contacts = await system.contacts(WARD, query);
      const words = Object.entries(query).map(([name, value]) => `&${name}=${value}`);
      await openNetwork(words.join(""));
      const graph = page.locator(".graph");
      const devices = new Set(contacts.flatMap(({ device_id, other }) => [device_id, other]));
      // What is shown at first may be by the measure before.
      await expect.poll(async () => Number(await graph.getAttribute("data-nodes")), PATIENT).toBe(devices.size);
      const pairs = new Set(contacts.map(({ device_id, other }) => `${device_id} ${other}`));
      await expect.poll(async () => Number(await graph.getAttribute("data-links")), PATIENT).toBe(pairs.size);
      await expect.poll(() => page.locator(".network-devices tbody tr").count(), PATIENT).toBe(devices.size);
    }
  });

  test("finds the shortest chain in time order, and says where there is none", async () => {
    await openNetwork();
    await ask("Ada", "Emil");
    await expect.poll(() => stepsOf(), PATIENT).toEqual(["Ada → Ben", "Ben → Dora", "Dora → Emil"]);
    expect(await page.locator(".graph").getAttribute("data-chain")).toBe("4");
    await ask("Ada", "Fay");
    await page.getByText("No chain leads from Ada to Fay").waitFor();
    await page.getByRole("button", { name: "Swap" }).click();
    // Emil met Fay first and Dora later; from Dora to Ben it would have to be earlier.
    await page.getByText("No chain leads from Fay to Ada").waitFor();
    await ask("Fay", "Dora");
    await expect.poll(() => stepsOf(), PATIENT).toEqual(["Fay → Emil", "Emil → Dora"]);
    await ask("Ada", "");
    await page.getByText("From Ada, 4 devices can be reached").waitFor();
  });

  test("a step of a chain shows its contact, and leads to why", async () => {
    await openNetwork();
    await ask("Ada", "Emil");
    await page.locator(".chain .step").nth(1).click();
    const minute = firstMinuteOf(nowMs) + 50;
    for (const word of ["device=Ben", "other=Dora", `minute=${minute}`]) {
      await expect.poll(() => new URL(page.url()).hash, PATIENT).toContain(word);
    }
    await page.locator(".chain li").nth(1).getByRole("button", { name: "Why" }).click();
    await page.locator(`.minute[data-minute="${minute}"][aria-selected="true"]`).waitFor();
    await page.goBack();
    await expect.poll(() => stepsOf(), PATIENT).toHaveLength(3);
  });

  test("its table does by keyboard what the picture does by hand", async () => {
    await openNetwork();
    const inTable = () => page.evaluate(() => document.activeElement?.matches(".network-devices td button") ?? false);
    await page.getByLabel("To device").focus();
    for (let presses = 0; !(await inTable()) && presses < 20; presses++) await page.keyboard.press("Tab");
    await page.keyboard.press("End");
    expect(await page.locator(".graph").getAttribute("data-pointing")).toBe("true");
    const name = await page.evaluate(() => document.activeElement?.textContent ?? "");
    await page.keyboard.press("Enter");
    await expect.poll(() => new URL(page.url()).hash, PATIENT).toContain(`device=${name}`);
    await page.getByRole("button", { name: "Open its page" }).click();
    await page.getByRole("region", { name: `Device ${name}` }).waitFor();
  });
});
