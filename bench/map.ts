import path from "node:path";
import type { WireFix } from "@encounter/core/wire/fix";
import type { Browser, Page } from "playwright-core";
import type { WebSocket } from "ws";
import { openMap } from "../e2e/map-page.ts";
import { connect } from "../e2e/sender.ts";
import { System } from "../e2e/system.ts";
import { openChromium } from "../visualizer/test/open-chromium.ts";
import { MovingGrid } from "./map/moving-grid.ts";
import { WatchedPage } from "./map/watched-page.ts";
import { atMost, heading, short, table } from "./report.ts";

const DEVICES = 10_000;
const DEVICES_OF_FIRST_VIEW = 1_000;
const FRAME = 1_000;
const EVERY_MS = 1_000;
/** A stranger comes every so many rounds; on all the others the crowd alone moves. */
const STRANGER_EVERY = 2;
/** Rounds after which all strangers are heard of again: who is silent for ten minutes leaves the map. */
const STRANGERS_AGAIN_EVERY = 240;
const WARM_UP_MS = 20_000;
const PATIENCE_MS = 120_000;
const TARGETS = { scriptMs: 25, delayMs: 1_500, firstViewMs: 2_000, heapGrowth: 1.1 };

/** The map in a real browser at the end of the real pipeline. */
export async function benchMap(seed: number, minutes: number): Promise<void> {
  heading("map: devices that all move every second, on an open map", [
    `real ingest, processor, api, redis-server and Chromium (drawing in software), ${short(DEVICES)} devices and lines; seed ${seed}, ${minutes} min`,
    "script: an update's script on the main thread, by the page's own meter; delay: from the acknowledgement of a new device's",
    "fix to its circle being among those that the page says it draws; heap: JavaScript's, after garbage collection",
  ]);
  const system = await System.start({ root: path.resolve(path.dirname(process.argv[1] as string), "../..") });
  const browser = await openChromium({ moves: true });
  try {
    const firstViewMs = await timeFirstView(system, browser, seed);
    const { script, delaysMs, heapBefore, heapAfter } = await watchCrowd(system, browser, seed, minutes);
    const p95 = quantile(delaysMs, 0.95);
    const growth = heapAfter / heapBefore;
    const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
    table(
      ["", "median", "p95", "target"],
      [
        ["script of an update, ms", short(script.p50Ms), short(script.p95Ms), atMost(script.p95Ms, TARGETS.scriptMs)],
        [
          `acknowledged to drawn, ms (${delaysMs.length} devices)`,
          short(quantile(delaysMs, 0.5)),
          short(p95),
          atMost(p95, TARGETS.delayMs),
        ],
        [
          `first view of ${short(DEVICES_OF_FIRST_VIEW)} devices, ms`,
          short(firstViewMs),
          "",
          atMost(firstViewMs, TARGETS.firstViewMs),
        ],
        [
          `heap, from ${mb(heapBefore)}`,
          mb(heapAfter),
          "",
          `${growth.toFixed(2)} times ${atMost(growth, TARGETS.heapGrowth)}`,
        ],
      ],
    );
  } finally {
    await browser.close();
    await system.stop();
  }
}

/** From asking for the page to a live map with circles, ms, in a browser that has nothing of it yet. */
async function timeFirstView(system: System, browser: Browser, seed: number): Promise<number> {
  const key = await system.newVenue("first view", {});
  const grid = new MovingGrid("first view", DEVICES_OF_FIRST_VIEW, seed);
  const socket = await connect(system.ingestUrl, key);
  await send(socket, grid.fixes(Date.now()));
  socket.close();
  const signedIn = await openMap(system, browser, "");
  const context = await browser.newContext({ storageState: await signedIn.context().storageState() });
  await signedIn.context().close();
  const page = await context.newPage();
  const startMs = performance.now();
  await page.goto(`${system.apiUrl}/#venue=first+view`, { waitUntil: "commit" });
  await page.waitForSelector(`#map[data-connection="live"][data-circles="${DEVICES_OF_FIRST_VIEW}"]`);
  const tookMs = performance.now() - startMs;
  await context.close();
  return tookMs;
}

interface Watched {
  readonly script: { readonly p50Ms: number; readonly p95Ms: number };
  readonly delaysMs: readonly number[];
  readonly heapBefore: number;
  readonly heapAfter: number;
}

async function watchCrowd(system: System, browser: Browser, seed: number, minutes: number): Promise<Watched> {
  const key = await system.newVenue("crowd", { proximity: 5 });
  const grid = new MovingGrid("crowd", DEVICES, seed);
  const socket = await connect(system.ingestUrl, key);
  await send(socket, grid.fixes(Date.now()));
  const page = await openCrowd(system, browser);
  const watched = await WatchedPage.watch(page);
  await move(socket, grid, WARM_UP_MS, false);
  const heapBefore = await watched.heapBytes();
  const acknowledgedAtMs = await move(socket, grid, minutes * 60_000, true);
  await page.waitForSelector(`#map[data-circles="${DEVICES + acknowledgedAtMs.length}"]`, { timeout: PATIENCE_MS });
  const script = await watched.scriptMs();
  const seen = await watched.circlesSeen();
  const heapAfter = await watched.heapBytes();
  socket.close();
  return { script, delaysMs: delays(acknowledgedAtMs, seen), heapBefore, heapAfter };
}

async function openCrowd(system: System, browser: Browser): Promise<Page> {
  const page = await openMap(system, browser, "venue=crowd&floor=0");
  await page.waitForSelector(`#map[data-connection="live"][data-circles="${DEVICES}"][data-lines="${DEVICES}"]`, {
    timeout: PATIENCE_MS,
  });
  return page;
}

/** Moves everybody once a second for a while. @returns when the fix of each stranger was acknowledged, ms since 1970 */
async function move(socket: WebSocket, grid: MovingGrid, forMs: number, withStrangers: boolean): Promise<number[]> {
  const acknowledgedAtMs: number[] = [];
  const endMs = Date.now() + forMs;
  for (let round = 0; Date.now() < endMs; round++) {
    const startMs = Date.now();
    await send(socket, grid.fixes(startMs));
    if (withStrangers && round % STRANGERS_AGAIN_EVERY === STRANGERS_AGAIN_EVERY - 1) {
      await send(
        socket,
        acknowledgedAtMs.map((_, stranger) => grid.strangersFix(stranger, startMs)),
      );
    }
    if (withStrangers && round % STRANGER_EVERY === 0) {
      await send(socket, [grid.strangersFix(acknowledgedAtMs.length, Date.now())]);
      acknowledgedAtMs.push(Date.now());
    }
    await new Promise((done) => setTimeout(done, Math.max(0, startMs + EVERY_MS - Date.now())));
  }
  return acknowledgedAtMs;
}

/** Sends fixes in frames and waits until every one of them is acknowledged. */
function send(socket: WebSocket, fixes: readonly WireFix[]): Promise<void> {
  const frames = Math.ceil(fixes.length / FRAME);
  return new Promise((resolve, reject) => {
    let answered = 0;
    const hear = (data: unknown) => {
      if (String(data).includes('"error')) reject(new Error(`a frame was answered ${data}`));
      answered++;
      if (answered < frames) return;
      socket.off("message", hear);
      resolve();
    };
    socket.on("message", hear);
    for (let frame = 0; frame < frames; frame++) {
      socket.send(JSON.stringify(fixes.slice(frame * FRAME, (frame + 1) * FRAME)));
    }
  });
}

/** From each acknowledgement to the map having that many strangers, ms. */
function delays(acknowledgedAtMs: readonly number[], seen: readonly (readonly [number, number])[]): number[] {
  return acknowledgedAtMs.map((atMs, stranger) => {
    const drawn = seen.find(([circles]) => circles >= DEVICES + stranger + 1);
    return Math.max(0, (drawn?.[1] ?? Number.POSITIVE_INFINITY) - atMs);
  });
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
