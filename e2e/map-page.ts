import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { System } from "./system.ts";

/** For a map whose numbers are read: little to draw, and nothing glides. */
export const SMALL: BrowserContextOptions = { viewport: { width: 480, height: 360 }, reducedMotion: "reduce" };

/** What the map's element says of itself. */
export interface MapFacts {
  readonly connection: string;
  readonly minute: string;
  readonly circles: number;
  readonly lines: number;
}

/** Gives a page an operator's session, by a link that works once; the map it leads to is not opened. */
export async function signIn(system: System, page: Page): Promise<void> {
  const { url_path } = await system.json<{ url_path: string }>("/v1/sign-in-links", { method: "POST", body: "{}" });
  await page.context().request.get(`${system.apiUrl}${url_path}`, { maxRedirects: 0 });
}

/** Opens the map signed in, in a context of its own; close that when done. @param hash what the link says, without # */
export async function openMap(
  system: System,
  browser: Browser,
  hash: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1000, height: 700 }, locale: "en-GB", ...options });
  const page = await context.newPage();
  await signIn(system, page);
  await page.goto(`${system.apiUrl}/#${hash}`);
  return page;
}

/** Follows a link within the page, which is not loaded anew. @param hash what the link says, without # */
export function goTo(page: Page, hash: string): Promise<void> {
  return page.evaluate((to) => {
    location.hash = to;
  }, hash);
}

/** What the map's element says now. */
export function factsOf(page: Page): Promise<MapFacts> {
  return page.evaluate(() => {
    const { connection = "", minute = "", circles, lines } = document.getElementById("map")?.dataset ?? {};
    return { connection, minute, circles: Number(circles), lines: Number(lines) };
  });
}

/** From now on keeps whatever the map's element says, in the order in which it says it. */
export async function watchFacts(page: Page): Promise<() => Promise<MapFacts[]>> {
  await page.evaluate(() => {
    const map = document.getElementById("map") as HTMLElement;
    const seen: MapFacts[] = [];
    const note = () => {
      const { connection = "", minute = "", circles, lines } = map.dataset;
      seen.push({ connection, minute, circles: Number(circles), lines: Number(lines) });
    };
    Object.assign(globalThis, { factsSeen: seen });
    note();
    new MutationObserver(note).observe(map, { attributes: true });
  });
  return () => page.evaluate(() => (globalThis as unknown as { factsSeen: MapFacts[] }).factsSeen);
}
