import { type Browser, chromium } from "playwright-core";

/** Draws in software, on any machine, and asks nobody for anything of its own accord. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  // The address bar's suggestions, which nobody sees: two pages that every window loads, half of what opening it takes.
  "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
];

/** As for people who would rather see no movement: a map drawn in software that glides has no time for anything else. */
const STILL = "--force-prefers-reduced-motion";

/**
 * Starts a Chromium that can draw the map: the one that `CHROMIUM_PATH` names, else Debian's. Close it in `afterAll`.
 * @param options `moves`: whether devices glide from place to place
 */
export function openChromium({ moves = false } = {}): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: moves ? FLAGS : [...FLAGS, STILL] });
}
