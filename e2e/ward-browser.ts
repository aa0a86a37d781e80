import type { Browser, Page } from "playwright-core";
import { openMap } from "./map-page.ts";
import type { System } from "./system.ts";
import { WARD } from "./ward.ts";

/** Opens the map of the ward, signed in, in a context of its own. @param place further words of the link */
export async function openWard(system: System, browser: Browser, place: string): Promise<Page> {
  const page = await openMap(system, browser, `venue=${WARD}&${place}`, { viewport: { width: 960, height: 600 } });
  await page.waitForSelector('[data-connection="live"]');
  return page;
}
