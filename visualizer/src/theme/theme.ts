import { signal } from "@preact/signals";
import { type Palette, readPalette } from "./palette.ts";

const dark = matchMedia("(prefers-color-scheme: dark)");
const still = matchMedia("(prefers-reduced-motion: reduce)");

/** The colours in force; they follow the system. */
export const palette = signal<Palette>(readPalette(document.documentElement));
export const isDark = signal(dark.matches);
/** Whether the user would rather see no movement. */
export const reducedMotion = signal(still.matches);

dark.addEventListener("change", () => {
  isDark.value = dark.matches;
  palette.value = readPalette(document.documentElement);
});
still.addEventListener("change", () => {
  reducedMotion.value = still.matches;
});
