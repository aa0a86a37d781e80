import type { CDPSession, Page } from "playwright-core";

/** An open map, and what can be learnt of it. */
export class WatchedPage {
  readonly page: Page;
  private readonly session: CDPSession;

  private constructor(page: Page, session: CDPSession) {
    this.page = page;
    this.session = session;
  }

  /** From now on the page notes when its number of circles changes. */
  static async watch(page: Page): Promise<WatchedPage> {
    const session = await page.context().newCDPSession(page);
    await page.evaluate(() => {
      const map = document.getElementById("map") as HTMLElement;
      const seen: [circles: number, atMs: number][] = [];
      Object.assign(globalThis, { circlesSeen: seen });
      new MutationObserver(() => {
        const circles = Number(map.dataset.circles);
        if (circles !== seen.at(-1)?.[0]) seen.push([circles, Date.now()]);
      }).observe(map, { attributes: true, attributeFilter: ["data-circles"] });
    });
    return new WatchedPage(page, session);
  }

  /** When each number of circles was first reached, ms since 1970. */
  async circlesSeen(): Promise<[circles: number, atMs: number][]> {
    return this.page.evaluate(
      () => (globalThis as unknown as { circlesSeen: [circles: number, atMs: number][] }).circlesSeen,
    );
  }

  /** Script time of an update by the page's own meter, ms: median and 95th percentile of the last 240. */
  async scriptMs(): Promise<{ p50Ms: number; p95Ms: number }> {
    const text = await this.page.locator("#map").getAttribute("data-script-ms");
    const [p50Ms = Number.NaN, p95Ms = Number.NaN] = (text ?? "").split(" ").map(Number);
    return { p50Ms, p95Ms };
  }

  /** What the page's script holds once all that can be let go is let go, bytes. */
  async heapBytes(): Promise<number> {
    for (let time = 0; time < 3; time++) await this.session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await this.session.send("Runtime.getHeapUsage");
    return usedSize;
  }
}
