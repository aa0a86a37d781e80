import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openChromium } from "../visualizer/test/open-chromium.ts";
import { signIn } from "./map-page.ts";
import { sendInOrder } from "./sender.ts";
import { System } from "./system.ts";

const HALL = { longitude: 13.4, latitude: 52.5 };

let system: System;
let browser: Browser;
let page: Page;
let troubles: string[];
let venues = 0;

beforeAll(async () => {
  const environment = { MACHINE_KEY: "a machine key of tests, long enough for it" };
  [system, browser] = await Promise.all([System.start({ environment }), openChromium()]);
});

afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

beforeEach(async () => {
  troubles = [];
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1_100, height: 800 } });
  page = await context.newPage();
  page.setDefaultTimeout(40_000);
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("console", (message) => {
    // A refusal is part of these tests; a breach of the content policy never is.
    if (message.type() === "error" && !/Failed to load resource/.test(message.text())) troubles.push(message.text());
  });
  await signIn(system, page);
});

afterEach(async () => {
  await page.context().close();
  expect(troubles).toEqual([]);
});

/** A venue of its own for a test, and the page about it. */
async function openNewVenue(settings: object = {}): Promise<{ venueId: string; key: string }> {
  const venueId = `venue ${++venues}/ü`;
  const key = await system.newVenue(venueId, { name: `Venue ${venues}`, ...settings });
  await page.goto(`${system.apiUrl}/#${new URLSearchParams({ manage: venueId })}`);
  await page.getByRole("heading", { name: `Venue ${venues}`, level: 1 }).waitFor();
  return { venueId, key };
}

const path = (venueId: string, more = "") => `/v1/venues/${encodeURIComponent(venueId)}${more}`;
const save = () => page.getByRole("button", { name: "Save", exact: true });
const section = (name: string) => page.getByRole("region", { name });

/** The words tied to a field that say what is wrong with it. */
async function troubleOf(label: string | RegExp): Promise<string> {
  const id = await page.getByLabel(label).first().getAttribute("id");
  return (await page.locator(`#${id}-trouble`).textContent()) ?? "";
}

function square(east: number, north: number, side: number, at = HALL): object {
  const corner = (e: number, n: number) => [at.longitude + (east + e) * 1e-5, at.latitude + (north + n) * 1e-5];
  const ring = [corner(0, 0), corner(side, 0), corner(side, side), corner(0, side), corner(0, 0)];
  return { type: "Polygon", coordinates: [ring] };
}

function feature(kind: unknown, geometry: object | null, more: object = {}): object {
  return { type: "Feature", properties: { kind, floor: 0, ...more }, geometry };
}

function plan(...features: object[]): string {
  return JSON.stringify({ type: "FeatureCollection", features });
}

const GOOD = plan(
  feature("floor", square(0, 0, 40), { name: "Ground" }),
  feature("room", square(2, 2, 20), { name: "Hall" }),
  feature("floor", square(0, 0, 40), { floor: 1, name: "Upper" }),
);

async function choose(text: string, name = "plan.geojson"): Promise<void> {
  const file = { name, mimeType: "application/geo+json", buffer: Buffer.from(text) };
  await page.setInputFiles("input[type=file]", file);
  await page.getByRole("heading", { name, level: 3 }).waitFor();
}

describe("keeping venues", () => {
  test("the first one is made from the page that has none, and Back leads back", async () => {
    await page.goto(system.apiUrl);
    await page.getByRole("link", { name: "Create a venue" }).click();
    await page.getByRole("button", { name: "Create a venue" }).last().click();
    const dialog = page.getByRole("dialog", { name: "Create a venue" });
    await dialog.getByRole("button", { name: "Create a venue" }).click();
    expect(await dialog.locator("#new-name-trouble").textContent()).toBe("Must have 1 to 200 characters.");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("new-name");
    await page.keyboard.type("Straße 5");
    expect(await dialog.getByLabel("Id").inputValue()).toBe("strasse-5");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Straße 5", level: 1 }).waitFor();
    expect(await system.json(path("strasse-5"))).toMatchObject({ name: "Straße 5", proximity: 5 });

    await page.getByRole("button", { name: "Create a venue" }).click();
    await dialog.getByLabel("Name").fill("Another");
    await dialog.getByLabel("Id").fill("strasse-5");
    await page.keyboard.press("Enter");
    await expect.poll(() => dialog.locator("#new-id-trouble").textContent()).toMatch(/already/);
    expect(await system.json(path("strasse-5"))).toMatchObject({ name: "Straße 5" });
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });

    await page.getByRole("link", { name: "To the map" }).click();
    await page.waitForSelector('#map[data-venue="strasse-5"][data-connection="live"]');
    await page.getByRole("link", { name: "Keep the venues" }).click();
    await page.getByRole("heading", { name: "Straße 5", level: 1 }).waitFor();
    await page.goBack();
    await page.waitForSelector('#map[data-venue="strasse-5"]');
    await page.goForward();
    await page.getByRole("heading", { name: "Straße 5", level: 1 }).waitFor();
  });

  test("a wrong setting is named with its range before anything is sent, a right one is kept", async () => {
    const { venueId } = await openNewVenue();
    await page.getByLabel("Proximity").fill("25.1");
    await page.getByLabel("Largest accuracy radius").fill("many");
    await save().click();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("setting-proximity");
    expect(await troubleOf("Proximity")).toBe("Must be 0 to 25 m, in steps of 0.1.");
    expect(await troubleOf("Largest accuracy radius")).toBe("Must be 0 to 50 m.");
    expect(await page.getByLabel("Proximity").getAttribute("aria-invalid")).toBe("true");
    expect(await system.json(path(venueId))).toMatchObject({ proximity: 5, max_accuracy: 4 });

    await page.getByLabel("Proximity").fill("2,5");
    await page.getByLabel("Largest accuracy radius").fill("7.25");
    await page.getByLabel("Length of a contact").fill("15");
    await page.getByLabel("Serve the MappedIn contract").check();
    await page.getByRole("combobox", { name: "Time zone" }).fill("york");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await save().click();
    await page.getByText("Saved", { exact: true }).waitFor();
    expect(await system.json(path(venueId))).toMatchObject({
      proximity: 2.5,
      max_accuracy: 7.25,
      min_minutes: 15,
      mappedin: true,
      time_zone: "America/New_York",
      cap: 10,
    });
  });

  test("a shorter retention is asked about first", async () => {
    const { venueId } = await openNewVenue();
    await page.getByLabel("Retention").fill("3");
    await save().click();
    const dialog = page.getByRole("dialog", { name: "Retention" });
    await dialog.getByRole("button", { name: "Cancel" }).click();
    expect(await system.json(path(venueId))).toMatchObject({ retention_days: 14 });
    await save().click();
    await dialog.getByRole("button", { name: "Delete what is older" }).click();
    await page.getByText("Saved", { exact: true }).waitFor();
    expect(await system.json(path(venueId))).toMatchObject({ retention_days: 3 });
  });

  test("the cap is fixed with the first fix: the server says so, and the field is closed", async () => {
    const { venueId, key } = await openNewVenue();
    const fix = { device_id: "a", venue_id: venueId, timestamp: Date.now() };
    const fixes = [{ ...fix, position: { ...HALL, floor: 0, accuracy: 1 } }];
    await sendInOrder(() => system.ingestUrl, key, fixes, 1);
    await page.getByLabel("Cap").fill("12");
    await save().click();
    await expect.poll(() => troubleOf("Cap")).toContain("cap is fixed at 10 m");
    expect(await page.getByLabel("Cap").isDisabled()).toBe(true);
    expect(await page.getByLabel("Cap").inputValue()).toBe("10");
    // Whoever comes later finds it closed, and why.
    await expect.poll(async () => (await system.status(venueId)).newest_minute).not.toBeNull();
    await page.reload();
    await page.getByText("Fixed: the venue has fixes, and").waitFor();
    expect(await page.getByLabel("Cap").isDisabled()).toBe(true);
    expect(await page.getByLabel("Store pseudonyms of devices").isDisabled()).toBe(true);
  });

  test("pseudonyms are chosen before the first device; later the server says that they are fixed", async () => {
    const chosen = await openNewVenue();
    await page.getByLabel("Store pseudonyms of devices").check();
    await save().click();
    await page.getByText("Saved", { exact: true }).waitFor();
    expect(await system.json(path(chosen.venueId))).toMatchObject({ pseudonyms: true });
    await page.goto("about:blank");
    const { venueId } = await openNewVenue();
    await system.json(path(venueId, "/devices/phone/token"), { method: "POST" });
    const box = page.getByLabel("Store pseudonyms of devices");
    await box.check();
    await save().click();
    await expect.poll(() => troubleOf("Store pseudonyms of devices")).toContain("pseudonyms is fixed at false");
    expect([await box.isDisabled(), await box.isChecked()]).toEqual([true, false]);
    expect(await system.json(path(venueId))).toMatchObject({ pseudonyms: false });
  });

  test("a device is erased after a question that says what goes, and its receipt is there to stay", async () => {
    const { venueId, key } = await openNewVenue();
    const nowMs = Date.now();
    const fixes = ["lost one", "other"].flatMap((device_id) =>
      [3, 2, 1].map((ago) => {
        const timestamp = nowMs - ago * 60_000;
        return { device_id, venue_id: venueId, timestamp, position: { ...HALL, floor: 0, accuracy: 1 } };
      }),
    );
    await sendInOrder(() => system.ingestUrl, key, fixes, 6);
    await expect.poll(async () => (await system.status(venueId)).unevaluated_fixes).toBe(0);
    const devices = async () =>
      (await system.json<{ devices: { device_id: string }[] }>(path(venueId, "/devices"))).devices.map(
        ({ device_id }) => device_id,
      );
    const erase = section("Erase a device");
    await erase.getByText("No device has been erased within the last year.").waitFor();
    await erase.getByRole("button", { name: "Erase the device" }).click();
    expect(await troubleOf("Device’s id")).toMatch(/^1 to 128 characters/);
    await page.keyboard.type("lost one");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Erase “lost one”?" });
    await dialog.getByText("its contacts, also in the records of the devices that it met").waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect((await devices()).sort()).toEqual(["lost one", "other"]);
    await erase.getByLabel("Device’s id").press("Enter");
    await dialog.getByRole("button", { name: "Erase the device" }).click();
    await dialog.waitFor({ state: "detached" });
    await erase.getByRole("status").getByText("Complete").waitFor();
    expect(await devices()).toEqual(["other"]);
    const { erasures } = await system.json<{ erasures: { erasure_id: string }[] }>(path(venueId, "/erasures"));
    expect(erasures).toMatchObject([{ state: "complete", removed: { fixes: 3 } }]);
    const receipt = await erase.locator("dl").textContent();
    expect(receipt).toContain(erasures[0]?.erasure_id);
    expect(receipt).toContain("Positions3");
    expect(await erase.textContent()).not.toContain("lost one");
    await page.reload();
    await erase.locator("summary").click();
    expect(await erase.locator("dl").textContent()).toBe(receipt);
  });

  test("a key is shown once, opens the devices' door, and no longer when it is deleted", async () => {
    const { venueId } = await openNewVenue();
    const keys = section("Gateway keys");
    await keys.getByRole("button", { name: "Create a key" }).click();
    expect(await troubleOf("Name of the key")).toBe("Must have 1 to 200 characters.");
    await keys.getByLabel("Name of the key").fill("north gate");
    await page.keyboard.press("Enter");
    const shown = keys.getByRole("textbox", { name: "The new key, shown this once" });
    await shown.waitFor();
    const key = await shown.inputValue();
    const send = () =>
      fetch(`${system.ingestUrl}/v1/positions`, {
        method: "POST",
        body: "[]",
        headers: { authorization: `Bearer ${key}` },
      });
    expect((await send()).status).toBe(200);
    await keys.getByRole("button", { name: "Done" }).click();
    expect(await page.content()).not.toContain(key);
    await page.reload();
    await keys.getByRole("button", { name: "Delete the key “north gate”" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await expect.poll(async () => (await send()).status, { timeout: 10_000 }).toBe(401);
    const { keys: left } = await system.json<{ keys: { name: string }[] }>(path(venueId, "/keys"));
    expect(left.map(({ name }) => name)).toEqual(["e2e"]);
  });

  test("an invite is shown once and lets a device in", async () => {
    const { venueId } = await openNewVenue();
    const invites = section("Invites");
    await invites.getByLabel("Devices that it lets in").fill("0");
    await invites.getByRole("button", { name: "Create an invite" }).click();
    expect(await troubleOf("Devices that it lets in")).toBe("Must be a whole number, 1 to 100,000.");
    await invites.getByLabel("Devices that it lets in").fill("2");
    await invites.getByRole("button", { name: "Create an invite" }).click();
    const code = await invites.getByRole("textbox", { name: /shown this once/ }).inputValue();
    const body = JSON.stringify({ code, device_id: "phone" });
    const headers = { "content-type": "application/json" };
    const activated = await fetch(`${system.ingestUrl}/v1/activate`, { method: "POST", body, headers });
    expect([activated.status, await activated.json()]).toMatchObject([201, { venue_id: venueId }]);
  });

  test("a venue is deleted by typing its name", async () => {
    const { venueId } = await openNewVenue();
    await page.getByRole("button", { name: "Delete the venue" }).click();
    const dialog = page.getByRole("dialog");
    const confirm = dialog.getByRole("button", { name: "Delete the venue" });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByRole("textbox").fill(`Venue ${venues}`);
    await confirm.click();
    await dialog.waitFor({ state: "detached" });
    expect((await system.call(path(venueId))).status).toBe(404);
    await expect.poll(() => page.getByRole("navigation", { name: "Venues" }).textContent()).not.toContain(venueId);
  });
});

describe("a floor plan", () => {
  test("is drawn before it is sent, downloaded as it was given, replaced and removed", async () => {
    const { venueId } = await openNewVenue();
    await choose(GOOD);
    await page.getByText("2 floors · 1 room · 3 features").waitFor();
    await page.getByText("Nothing is wrong with it.").waitFor();
    await page.getByRole("img", { name: "Preview: Ground" }).waitFor();
    await page.getByRole("radio", { name: "Upper" }).focus();
    await page.keyboard.press("Space");
    await page.getByRole("img", { name: "Preview: Upper" }).waitFor();
    expect(await system.json(path(venueId, "/plan"))).toMatchObject({ features: [] });
    await page.getByRole("button", { name: "Upload" }).click();
    await page.getByText("The floor plan is stored.").waitFor();
    expect(await system.json(path(venueId, "/plan"))).toEqual(JSON.parse(GOOD));

    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download" }).click(),
    ]);
    expect(JSON.parse(await readFile(await download.path(), "utf8"))).toEqual(JSON.parse(GOOD));

    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByText("There is no floor plan yet.").waitFor();
    expect(await system.json(path(venueId, "/plan"))).toMatchObject({ features: [] });
  });

  const wrong: readonly [what: string, text: string, words: string][] = [
    ["no JSON", "<svg/>", "This is not JSON"],
    ["no collection", JSON.stringify(feature("room", square(0, 0, 1))), "not a GeoJSON FeatureCollection"],
    ["nothing", plan(), "There is no feature in it."],
    [
      "an unknown kind",
      plan(feature("space", square(0, 0, 9), { name: "Lab" })),
      'Feature 1, “Lab” is of kind "space"',
    ],
    ["no floor", plan(feature("room", square(0, 0, 9), { floor: null })), "Feature 1 needs a floor"],
    [
      "a room that is a line",
      plan(
        feature("floor", square(0, 0, 9)),
        feature("room", {
          type: "LineString",
          coordinates: [
            [0, 0],
            [1, 1],
          ],
        }),
      ),
      "Feature 2 is of kind room: its geometry must be Polygon or MultiPolygon.",
    ],
    [
      "metres",
      plan(feature("room", square(0, 0, 9, { longitude: 1_491_636, latitude: 6_894_699 }))),
      "longitude beyond ±180",
    ],
    [
      "a latitude that is none",
      plan(feature("room", square(0, 0, 9, { longitude: 8, latitude: 88 }))),
      "latitude beyond",
    ],
    [
      "a ring that crosses itself",
      plan(
        feature(
          "room",
          {
            type: "Polygon",
            coordinates: [
              [
                [0, 0],
                [2, 2],
                [2, 0],
                [0, 2],
                [0, 0],
              ],
            ],
          },
          { name: "Bow" },
        ),
      ),
      "Feature 1, “Bow” crosses itself",
    ],
    [
      "a wall that crosses itself",
      plan(
        feature("wall", {
          type: "LineString",
          coordinates: [
            [0, 0],
            [2, 2],
            [2, 0],
            [0, 2],
          ],
        }),
      ),
      "Feature 1 crosses itself",
    ],
    ["too much", `{"padding":"${"x".repeat(8_400_000)}"}`, "at most 8 MB"],
  ];

  test("that is wrong is not sent, and it is said where and why", async () => {
    await openNewVenue();
    for (const [what, text, words] of wrong) {
      await choose(text, `${what}.geojson`);
      expect(await page.locator("#plan-title ~ .draft").textContent(), what).toContain(words);
      expect(await page.getByRole("button", { name: "Upload" }).isDisabled(), what).toBe(true);
    }
  });

  test("far from the devices is asked about, with the distance; swapped is suspected", async () => {
    const { venueId, key } = await openNewVenue();
    const fix = { device_id: "a", venue_id: venueId, timestamp: Date.now() };
    await sendInOrder(() => system.ingestUrl, key, [{ ...fix, position: { ...HALL, floor: 0, accuracy: 1 } }], 1);
    await expect.poll(async () => (await system.status(venueId)).newest_minute).not.toBeNull();

    await choose(plan(feature("room", square(0, 0, 9, { longitude: 52.5, latitude: 13.4 }))), "swapped.geojson");
    await page.getByText("seem to be swapped").waitFor();
    await choose(plan(feature("room", square(0, 0, 9, { longitude: 11.57, latitude: 48.14 }))), "far.geojson");
    await page.getByText(/This plan is 50\d km from where the venue’s devices are/).waitFor();
    const upload = page.getByRole("button", { name: "Upload" });
    expect(await upload.isDisabled()).toBe(true);
    await page.getByLabel("It belongs there").check();
    await upload.click();
    await page.getByText("The floor plan is stored.").waitFor();
    await choose(plan(feature("room", square(0, 0, 9))), "near.geojson");
    await page.getByText("Nothing is wrong with it.").waitFor();
    expect(await upload.isDisabled()).toBe(false);
  });
});
