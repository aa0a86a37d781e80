import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openChromium } from "../visualizer/test/open-chromium.ts";
import { openMap, SMALL } from "./map-page.ts";
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

/** Tells of every breach of the policy, of a page and of what it loads. */
function breachesOf(page: Page): string[] {
  const breaches: string[] = [];
  page.on("console", (message) => {
    if (/Content Security Policy/i.test(message.text())) breaches.push(`${page.url()}: ${message.text()}`);
  });
  return breaches;
}

test("no page needs more than the content policy allows, and the policy allows nothing inline", async () => {
  await system.newVenue("policy", {});
  const page = await openMap(system, browser, "venue=policy", SMALL);
  const breaches = breachesOf(page);
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
    await page.goto("about:blank");
    const answer = await page.goto(`${system.apiUrl}${place}`, { waitUntil: "load" });
    const policy = answer?.headers()["content-security-policy"] ?? "";
    expect(policy, place).toContain("default-src 'none'");
    expect(policy, place).not.toMatch(/unsafe-(inline|eval)/);
    if (place.startsWith("/#venue")) await page.waitForSelector('[data-connection="live"]');
    await page.emulateMedia({ media: "print" });
    await page.pdf();
    await page.emulateMedia({ media: "screen" });
  }
  // The one inline style of the description's reader, which is not ours, stays blocked; it is readable without.
  expect(breaches.filter((breach) => !breach.startsWith(`${system.apiUrl}/docs`))).toEqual([]);
  breaches.length = 0;
  // The listener does hear of one.
  await page.evaluate(() => document.body.insertAdjacentHTML("beforeend", "<p style='color:red'>x</p>"));
  await expect.poll(() => breaches.length).toBeGreaterThan(0);
  await page.context().close();
});
