import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";

export const USAGE = `npm run faults -- [options]

Starts the real services and a private Redis, drives seeded load through a proxy, injects faults one after another, and
checks from outside: every accepted fix has exactly one effect, the contacts are those of brute force over what is
stored, nothing waits for its evaluation, and all of that within 60 s of the fault's end. docs/faults.md says what each
scenario does. Ends 1 where any failed.

  --short        the scenarios that need no long wait, and the harness's own test (default)
  --minutes N    all scenarios, at least once, in a seeded random order until N minutes have passed
  --seed N       decides load, moments and order (default: drawn, and printed)
  --only NAME    this scenario alone; may be given several times
  --plants       only the harness's own test: faults planted in the product, each of which must be found
  --list         names all scenarios
  --help         prints this
`;

export interface Options {
  readonly minutes: number | null;
  readonly seed: number;
  readonly only: readonly string[];
  readonly plants: boolean;
  readonly list: boolean;
  readonly help: boolean;
}

/** Reads the command line. @throws with one line that says what is wrong */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      short: { type: "boolean", default: false },
      minutes: { type: "string" },
      seed: { type: "string" },
      only: { type: "string", multiple: true, default: [] },
      plants: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.short && values.minutes !== undefined) throw new Error("--short and --minutes exclude each other");
  return {
    minutes: values.minutes === undefined ? null : number("minutes", values.minutes),
    seed: values.seed === undefined ? randomInt(1, 2 ** 31) : number("seed", values.seed),
    only: values.only,
    plants: values.plants,
    list: values.list,
    help: values.help,
  };
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (text !== "" && Number.isFinite(value) && value >= 0) return value;
  throw new Error(`--${name} must be a number, not "${text}"`);
}
