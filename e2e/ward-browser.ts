import type { Page } from "playwright-core";
import type { System } from "./system.ts";
import { WARD } from "./ward.ts";

/** Opens the map of the ward, signed in. @param place further words of the link */
export async function openWard(system: System, page: Page, place: string): Promise<void> {
  const { url_path } = await system.json<{ url_path: string }>("/v1/sign-in-links", { method: "POST", body: "{}" });
  await page.goto(`${system.apiUrl}${url_path}`);
  // From elsewhere, so that the link opens a page of its own instead of changing the one that signed in.
  await page.goto("about:blank");
  await page.goto(`${system.apiUrl}/#venue=${WARD}&${place}`);
  await page.waitForSelector('[data-connection="live"]');
}
