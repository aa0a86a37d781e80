import { computed, signal } from "@preact/signals";
import { de } from "./de.ts";
import { en, type Texts } from "./en.ts";

export type { Texts } from "./en.ts";

/** The languages there are, by code. */
export const languages: Readonly<Record<string, Texts>> = { en, de };

const REMEMBERED = "encounter.language";

function remembered(): string | null {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}

/** The first of the preferred languages that there is, else English. */
export function chooseLanguage(preferred: readonly string[]): string {
  const codes = preferred.map((tag) => tag.split("-")[0]!.toLowerCase());
  return codes.find((code) => code in languages) ?? "en";
}

const code = signal("en");

/** The texts of the language in force. */
export const texts = computed<Texts>(() => languages[code.value] ?? en);

/** Takes the language that was chosen here before, else the browser's. */
export function startLanguage(): void {
  const before = remembered();
  speak(before !== null && before in languages ? before : chooseLanguage(navigator.languages));
}

/** Changes the language and remembers it in this browser. */
export function switchLanguage(to: string): void {
  speak(to);
  try {
    localStorage.setItem(REMEMBERED, to);
  } catch {
    // A browser that keeps nothing still speaks it until the page is closed.
  }
}

function speak(to: string): void {
  code.value = to;
  document.documentElement.lang = to;
}
