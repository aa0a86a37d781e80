import type { SessionInfo } from "@encounter/core/wire/accounts";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { makeSmallVenue } from "./small-venue.ts";
import { System } from "./system.ts";

const CHROMIUM = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
const PASSWORD = "a password of tests";
const LIVE = '#map[data-connection="live"]';
let system: System;
let browser: Browser;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  [system, browser] = await Promise.all([System.start(), chromium.launch({ executablePath: CHROMIUM, args: FLAGS })]);
  await makeSmallVenue(system, "ward", "Ward");
  await system.newVenue("other", { name: "Other" });
});
afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

beforeEach(async () => {
  troubles = [];
  const context = await browser.newContext({
    locale: "en-GB",
    viewport: { width: 1_100, height: 640 },
    reducedMotion: "reduce",
  });
  page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("response", (answer) => {
    // Signed out is what a page is at first; a call that a role may not make must not be made at all.
    if ([403, 500].includes(answer.status())) troubles.push(`${answer.status()} ${answer.url()}`);
  });
});
afterEach(async () => {
  await page.context().close();
  expect(troubles).toEqual([]);
});

/** Makes an account and sets its password as its person does, on the page behind the one-time link. */
async function begin(name: string, roles: readonly string[], setsPassword = true): Promise<void> {
  await system.json(`/v1/accounts/${name}`, { method: "PUT", body: JSON.stringify({ roles: { ward: roles } }) });
  if (!setsPassword) return;
  const { url_path } = await system.json<{ url_path: string }>(`/v1/accounts/${name}/link`, { method: "POST" });
  await page.goto(`${system.apiUrl}${url_path}`);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByLabel("Again").fill(PASSWORD);
  await page.getByRole("button", { name: "Set password" }).click();
}

const names = () => page.locator('[role="listbox"] [role="option"]').allInnerTexts();

test("a viewer signs in by name and password, and sees the map without names or contacts", async () => {
  await begin("vera", ["viewer"]);
  await page.waitForSelector(`${LIVE}[data-circles="5"]`);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Vera");
  await page.getByLabel("Password", { exact: true }).fill("something wrong");
  await page.getByRole("button", { name: "Sign in" }).first().click();
  await page.getByText("Name, password or code are wrong.").waitFor();
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).first().click();
  await page.waitForSelector(`${LIVE}[data-circles="5"]`);

  await page.getByTitle("Signed in as vera: Viewer").waitFor();
  await expect.poll(async () => (await names()).length).toBeGreaterThan(0);
  for (const text of await names()) expect(text).toMatch(/[0-9A-Z]{4}-[0-9A-Z]{4}/);
  expect(await page.locator("body").textContent()).not.toContain("Tag ");
  expect(await page.getByRole("button", { name: "Network" }).count()).toBe(0);
  expect(await page.getByRole("link", { name: "Other" }).count()).toBe(0);
  await page.locator('[role="option"]').first().click();
  expect(await page.locator(".device-page").count()).toBe(0);
});

test("a tracer names the case once, and it goes with every call", async () => {
  await begin("tara", ["tracer"]);
  await page.getByLabel("Case reference").fill("C-42");
  await page.getByRole("button", { name: "Begin" }).click();
  await page.waitForSelector(`${LIVE}[data-circles="5"]`);
  await page.getByText("Case C-42").waitFor();
  await page.locator('[role="option"]', { hasText: "Tag 1" }).click();
  await page.getByRole("heading", { name: "Tag 1" }).waitFor();
  const audited = async () =>
    (await system.json<{ entries: { action: string; case: string | null }[] }>("/v1/audit?venue=ward&action=read."))
      .entries;
  await expect.poll(async () => new Set((await audited()).map(({ action }) => action))).toContain("read.contacts");
  expect(new Set((await audited()).filter((entry) => entry.case !== null).map((entry) => entry.case))).toEqual(
    new Set(["C-42"]),
  );
});

test("an administrator comes to the settings, gives a role, and makes no venues", async () => {
  await begin("adam", ["admin"]);
  await page.getByRole("heading", { name: "Ward", level: 1 }).waitFor();
  expect(await page.getByRole("button", { name: /Create a venue|New venue|Create/ }).count()).toBeLessThan(4);
  const people = page.getByRole("region", { name: "People" });
  await people.getByLabel("Account", { exact: true }).last().waitFor();
  const form = people.getByRole("form", { name: "Account" });
  await form.getByRole("textbox").fill("newcomer");
  await form.getByLabel("Viewer").check();
  await form.getByRole("button", { name: "Save roles" }).click();
  const newcomer = people.getByRole("form", { name: "newcomer" });
  await newcomer.getByRole("button", { name: "Password link" }).click();
  await expect
    .poll(() => people.getByRole("textbox", { name: "One-time link" }).inputValue())
    .toMatch(/\/#set-password=[\w-]{43}$/);
  expect(await page.getByText("Delete venue").count()).toBe(0);
});

test("an auditor is told that there is no map, in German too", async () => {
  await begin("arno", ["auditor"]);
  await page.getByRole("heading", { name: "Your role has no map here" }).waitFor();
  expect(await page.getByRole("link", { name: "Audit log" }).getAttribute("href")).toBe("/v1/audit?venue=ward");
  await page.evaluate(() => localStorage.setItem("encounter.language", "de"));
  await page.reload();
  await page.getByRole("heading", { name: "Ihre Rolle hat hier keine Karte" }).waitFor();
  const session = await page.evaluate(() => fetch("/v1/session").then((answer) => answer.json()));
  expect((session as SessionInfo).roles).toEqual({ ward: ["auditor"] });
});
