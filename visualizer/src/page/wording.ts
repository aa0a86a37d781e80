import type { Texts } from "../language/language.ts";

/** An age in the unit one would say it in. */
export function ageText(ageMs: number, words: Texts): string {
  const seconds = Math.max(0, Math.round(ageMs / 1_000));
  return seconds < 100 ? words.seconds(seconds) : words.minutes(Math.round(seconds / 60));
}

const lengthFormats = new Map<string, Intl.NumberFormat>();

/** Metres with one decimal, without the unit. */
export function metresText(lengthM: number, language: string): string {
  let format = lengthFormats.get(language);
  if (format === undefined) {
    format = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    lengthFormats.set(language, format);
  }
  return format.format(lengthM);
}
