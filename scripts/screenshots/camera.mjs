import { mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { chromium as browserType } from "playwright-core";

/** @typedef {import("./stage.mjs").Scene} Scene */
/** @typedef {import("./views.mjs").View} View */

const FLAGS = ["--no-sandbox", "--disable-gpu", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };
const LOOKS = /** @type {const} */ (["light", "dark"]);
const PATIENCE_MS = 60_000;
/** For what glides into its place, and for names that are written last. */
const SETTLE_MS = 3_500;

/**
 * Takes pictures of each view, in the light and in the dark.
 * @param {object} order
 * @param {string} order.chromium the browser's program
 * @param {Scene} order.scene
 * @param {View[]} order.views
 * @param {string} order.folder where the pictures go
 * @param {(line: string) => void} order.say
 */
export async function takePictures({ chromium, scene, views, folder, say }) {
  mkdirSync(folder, { recursive: true });
  const browser = await browserType.launch({ executablePath: chromium, args: FLAGS });
  try {
    for (const view of views) {
      for (const look of LOOKS) {
        const name = `${view.name}-${look}.png`;
        const file = path.join(folder, name);
        await takePicture(browser, scene, view, look, file);
        say(`${name}, ${Math.round(statSync(file).size / 1_000)} kB`);
      }
    }
  } finally {
    await browser.close();
  }
}

/**
 * @param {import("playwright-core").Browser} browser
 * @param {Scene} scene
 * @param {View} view
 * @param {"light" | "dark"} look
 * @param {string} file
 */
async function takePicture(browser, scene, view, look, file) {
  const context = await browser.newContext({
    viewport: view.narrow ? NARROW : WIDE,
    colorScheme: look,
    locale: "en-GB",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  if (view.roles) await signInWith(page, scene, view.roles);
  else if (!view.signedOut) await page.goto(await scene.operator.signInUrl());
  await page.goto("about:blank");
  await page.goto(`${scene.operator.apiUrl}/#${view.link(scene)}`);
  if (view.until) await page.waitForSelector(view.until);
  await view.act?.(page);
  await page.waitForTimeout(SETTLE_MS);
  await page.screenshot({ path: file });
  await context.close();
}

/**
 * Signs in to an account with these roles in the venue.
 * @param {import("playwright-core").Page} page
 * @param {Scene} scene
 * @param {string[]} roles
 */
async function signInWith(page, { operator, venue }, roles) {
  const account = `/v1/accounts/${roles.join("-")}`;
  await operator.ask("PUT", account, { roles: { [venue]: roles } });
  const { url_path: link } = await operator.ask("POST", `${account}/link`);
  const code = new URLSearchParams(new URL(link, operator.apiUrl).hash.slice(1)).get("set-password");
  const data = { code, password: "a password of the pictures" };
  await page.context().request.post(`${operator.apiUrl}/v1/password`, { data });
}
