import type { Random } from "../world/random.ts";

/** Draws an accuracy radius in metres, in steps of a centimetre, never below {@link BEST_ACCURACY_M}. */
export type AccuracyDraw = (random: Random) => number;

/** No receiver claims better than this, metres. */
export const BEST_ACCURACY_M = 0.1;

/** A kind of distribution: how many numbers it takes, what they are called, and how to draw from it. */
interface Kind {
  readonly parameters: readonly string[];
  readonly draw: (random: Random, first: number, second: number) => number;
}

const KINDS: Readonly<Record<string, Kind>> = {
  fixed: { parameters: ["METRES"], draw: (_, metres) => metres },
  uniform: { parameters: ["FROM", "TO"], draw: (random, from, to) => random.between(from, to) },
  normal: { parameters: ["MEAN", "DEVIATION"], draw: (random, mean, deviation) => mean + deviation * random.normal() },
  lognormal: {
    parameters: ["MEDIAN", "SIGMA"],
    draw: (random, median, sigma) => median * Math.exp(sigma * random.normal()),
  },
};

/** The forms a distribution may be written in, for a person who got it wrong. */
export const ACCURACY_FORMS = Object.entries(KINDS)
  .map(([name, kind]) => `${name}:${kind.parameters.join(",")}`)
  .join(" | ");

/** Reads a distribution such as `normal:2,0.7`. @throws RangeError that names the forms */
export function parseAccuracy(text: string): AccuracyDraw {
  const [name = "", numbersText = ""] = text.split(":", 2);
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  const numbers = numbersText.split(",").map((number) => (number.trim() === "" ? Number.NaN : Number(number)));
  if (kind === undefined || numbers.length !== kind.parameters.length || !numbers.every((n) => n >= 0 && n < 1e6)) {
    throw new RangeError(`write the accuracy as ${ACCURACY_FORMS} in metres, not "${text}"`);
  }
  const [first = 0, second = 0] = numbers;
  return (random) => Math.max(BEST_ACCURACY_M, Math.round(kind.draw(random, first, second) * 100) / 100);
}
