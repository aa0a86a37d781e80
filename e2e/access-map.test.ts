import { readFile } from "node:fs/promises";
import type { SessionInfo } from "@encounter/core/wire/accounts";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openChromium } from "../visualizer/test/open-chromium.ts";
import { oneTimeCode, PERIOD_MS } from "./one-time-code.ts";
import { makeSmallVenue } from "./small-venue.ts";
import { System } from "./system.ts";

const PASSWORD = "a password of tests";
const LIVE = '#map[data-connection="live"]';
let system: System;
let browser: Browser;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  [system, browser] = await Promise.all([System.start(), openChromium()]);
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
  page.on("console", (message) => {
    if (/Content Security Policy/i.test(message.text())) troubles.push(message.text());
  });
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
  expect(await page.getByText("Delete the venue").count()).toBe(0);
  // Where the devices are is not an administrator's to read: a plan is looked at without asking.
  const floor = {
    type: "Feature",
    properties: { kind: "floor", floor: 0 },
    geometry: { type: "Polygon", coordinates: [] },
  };
  const plan = Buffer.from(JSON.stringify({ type: "FeatureCollection", features: [floor] }));
  await page.setInputFiles("input[type=file]", { name: "w.geojson", mimeType: "application/geo+json", buffer: plan });
  await page.getByRole("heading", { name: "w.geojson", level: 3 }).waitFor();
});

test("an auditor comes to the log: read in words, filtered, taken away, and verified; in German too", async () => {
  await system.json("/v1/venues/ward/devices/Tag%203/contacts");
  await system.json("/v1/venues/other/devices/Tag%203/contacts");
  await begin("arno", ["auditor"]);
  await page.getByRole("heading", { name: "Audit log", level: 1 }).waitFor();
  await page.getByText("The chain is whole").waitFor();
  const rows = page.locator("tbody tr");
  const read = rows.filter({ hasText: "Read a device’s contacts" });
  await read.first().waitFor();
  expect(await rows.filter({ hasText: "Changed the floor plan" }).first().textContent()).toMatch(/CET|CEST|GMT\+\d/);
  expect(await page.locator("table").textContent()).not.toMatch(/Other|Tag 3/);

  await page.getByLabel("Device", { exact: true }).fill("Tag 3");
  await page.keyboard.press("Enter");
  await expect.poll(() => rows.count()).toBe(1);
  expect(await read.textContent()).toMatch(/^\d+ \w+ \d{4}, \d\d:\d\d:\d\d \S*(?:CES?T|GMT\+\d+)Owner/);
  await page.getByLabel("What").selectOption("All of keys");
  await page.getByText("No entry matches.").waitFor();
  await page.getByLabel("Device", { exact: true }).fill("");
  await page.keyboard.press("Enter");
  await rows.filter({ hasText: "Created a gateway key" }).waitFor();
  expect(await rows.count()).toBe(1);

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "CSV of all" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^ward-.*-audit\.csv$/);
  expect(await readFile(await download.path(), "utf8")).toMatch(
    /^seq,at,actor,action,venue_id,case,device,detail\r\n\d+,20[^,]+Z,operator,key\.create,ward,,,\r\n$/,
  );

  // What is not for auditors is not called: a refusal would be among the troubles.
  expect(await page.getByRole("link", { name: "To the map" }).count()).toBe(0);
  await page.goto(`${system.apiUrl}/#manage=ward`);
  await page.getByRole("heading", { name: "There is no such venue" }).waitFor();
  await page.goto(`${system.apiUrl}/`);
  await page.getByRole("heading", { name: "Audit log", level: 1 }).waitFor();
  await page.getByLabel("Language").selectOption("de");
  await page.getByRole("heading", { name: "Prüfprotokoll", level: 1 }).waitFor();
  await rows.filter({ hasText: "Schlüssel angelegt" }).waitFor();
  const session = await page.evaluate(() => fetch("/v1/session").then((answer) => answer.json()));
  expect((session as SessionInfo).roles).toEqual({ ward: ["auditor"] });
});

const NEW_PASSWORD = "another password of tests";

async function signInAs(name: string, password: string): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).first().click();
}

/** Codes of a secret, none twice: each counts once, those of the neighbouring half minutes, too. */
function codesOf(secret: string): () => Promise<string> {
  const used = new Set<number>();
  return async () => {
    for (;;) {
      const nowMs = Date.now();
      const step = Math.floor(nowMs / PERIOD_MS);
      // The former one may be over by the time it comes.
      const isFormerGood = nowMs % PERIOD_MS < PERIOD_MS - 4_000;
      const found = [step, step + 1, ...(isFormerGood ? [step - 1] : [])].find((each) => !used.has(each));
      if (found !== undefined) {
        used.add(found);
        return oneTimeCode(secret, found * PERIOD_MS);
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
}

test("somebody with an account changes the password, and sets up a second factor and removes it", async () => {
  await begin("paul", []);
  await page.getByRole("heading", { name: "You have no role yet" }).waitFor();
  await page.getByRole("link", { name: "Your account" }).click();
  await page.getByText("Signed in as paul").waitFor();
  const password = page.getByRole("region", { name: "Password" });
  const change = async (current: string, chosen: string, again: string) => {
    await password.getByLabel("Current password").fill(current);
    await password.getByLabel("New password").fill(chosen);
    await password.getByLabel("Again").fill(again);
    await page.keyboard.press("Enter");
  };
  await change(PASSWORD, NEW_PASSWORD, `${NEW_PASSWORD}!`);
  await password.getByText("The two are not the same.").waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("own-again");
  await change("something wrong", NEW_PASSWORD, NEW_PASSWORD);
  await password.getByText("This is not your current password.").waitFor();
  await change(PASSWORD, NEW_PASSWORD, NEW_PASSWORD);
  await password.getByText("The password is changed.").waitFor();

  const factor = page.getByRole("region", { name: "Second factor" });
  await factor.getByRole("button", { name: "Set up" }).click();
  await factor.getByRole("img", { name: /^QR code/ }).waitFor();
  const secret = ((await factor.locator("code").textContent()) ?? "").replaceAll(" ", "");
  const link = await factor.getByRole("link", { name: /authenticator/ }).getAttribute("href");
  expect(link).toContain(`otpauth://totp/Encounter:paul?`);
  expect(link).toContain(`secret=${secret}`);
  const nextCode = codesOf(secret);
  const confirm = async (code: string, button: string) => {
    await factor.getByRole("textbox", { name: "Code" }).fill(code);
    await factor.getByRole("button", { name: button }).click();
  };
  await confirm("12345", "Confirm");
  await factor.getByText("Enter six digits.").waitFor();
  await confirm(await nextCode(), "Confirm");
  await factor.getByText("The second factor is set up.").waitFor();

  await page.getByRole("button", { name: "Sign out" }).click();
  await signInAs("paul", NEW_PASSWORD);
  const used = await nextCode();
  await page.getByLabel("Code of your authenticator").fill(used);
  await page.getByRole("button", { name: "Sign in" }).first().click();
  // Whoever signs out of a page beside the map begins where everybody does.
  await page.getByRole("heading", { name: "You have no role yet" }).waitFor();
  await page.getByRole("link", { name: "Your account" }).click();
  await factor.getByText("It is set up").waitFor();
  await confirm(used, "Remove the second factor");
  await factor.getByText("The code is wrong, or was used already.").waitFor();
  await confirm(await nextCode(), "Remove the second factor");
  await factor.getByText("The second factor is removed.").waitFor();
  const session = await page.evaluate(() => fetch("/v1/session").then((answer) => answer.json()));
  expect(session).toMatchObject({ has_totp: false, has_password: true });
});
