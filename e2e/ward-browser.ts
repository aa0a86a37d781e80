import type { Browser, Page } from "playwright-core";
import { goTo, openMap } from "./map-page.ts";
import type { System } from "./system.ts";
import { WARD } from "./ward.ts";

/** Opens the map of the ward, signed in, for all tests of a file; {@link comeTo} leads each to its place. */
export async function openWard(system: System, browser: Browser): Promise<Page> {
  const page = await openMap(system, browser, `venue=${WARD}`, { viewport: { width: 960, height: 600 } });
  await page.waitForSelector('[data-connection="live"]');
  return page;
}

/** Leaves where the test before was, then follows a link to a place in the ward. @param place further words of the link */
export async function comeTo(page: Page, place: string): Promise<void> {
  await goTo(page, `venue=${WARD}`);
  await page.locator(".side").waitFor({ state: "detached" });
  await goTo(page, `venue=${WARD}&${place}`);
}
