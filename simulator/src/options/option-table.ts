import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "./usage-error.ts";

/** One option of a tool, as it is parsed and as `--help` shows it. */
export interface Option {
  /** What stands after the option; absent for a switch. */
  readonly value?: string;
  readonly help: string;
  /** Shown as it would be typed; absent where there is none or the help says it. */
  readonly default?: string;
  /** May be given more than once. */
  readonly multiple?: boolean;
}

/** Options by name, in groups with a heading. */
export type OptionTable = Readonly<Record<string, Readonly<Record<string, Option>>>>;

/** What was typed. */
export interface TypedOptions {
  readonly positionals: readonly string[];
  /** The last value typed, or the default, or undefined. */
  text(name: string): string | undefined;
  /** All values typed. */
  texts(name: string): readonly string[];
  /** Whether a switch was given. */
  has(name: string): boolean;
  /** Whether an option was typed at all. */
  isTyped(name: string): boolean;
}

/** Reads what was typed after the tool's name. @throws UsageError on an unknown option or a missing value */
export function readArguments(table: OptionTable, argv: readonly string[]): TypedOptions {
  const options = Object.assign({}, ...Object.values(table)) as Record<string, Option>;
  const { values, positionals } = parse(options, argv);
  const typed = (name: string) => [values[name] ?? []].flat().map(String);
  return {
    positionals,
    text: (name) => typed(name).at(-1) ?? options[name]?.default,
    texts: typed,
    has: (name) => values[name] === true,
    isTyped: (name) => values[name] !== undefined,
  };
}

interface Parsed {
  readonly values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
}

function parse(options: Readonly<Record<string, Option>>, argv: readonly string[]): Parsed {
  const forms: NonNullable<ParseArgsConfig["options"]> = {};
  for (const [name, option] of Object.entries(options)) {
    forms[name] = { type: option.value === undefined ? "boolean" : "string", multiple: option.multiple ?? false };
  }
  forms.help = { type: "boolean", short: "h" };
  try {
    return parseArgs({ args: withValuesJoined(options, argv), options: forms, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split(". To specify")[0]}. --help lists every option.`);
  }
}

/** `--start -60m` reads like two options to Node; joined as `--start=-60m` it is one. */
function withValuesJoined(options: Readonly<Record<string, Option>>, argv: readonly string[]): string[] {
  const joined: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i]!;
    const next = argv[i + 1];
    const takesValue = argument.startsWith("--") && options[argument.slice(2)]?.value !== undefined;
    if (takesValue && next !== undefined && /^-[\d.]/.test(next)) joined.push(`${argument}=${argv[++i]}`);
    else joined.push(argument);
  }
  return joined;
}

const HELP_COLUMN = 30;
const HELP_WIDTH = 110;

/** The help text: usage and introduction, then every option with its default, under its group's heading. */
export function helpText(introduction: string, table: OptionTable): string {
  const groups = Object.entries(table).map(([heading, options]) => {
    const lines = Object.entries(options).map(([name, option]) => optionLines(name, option));
    return `${heading}\n${lines.join("\n")}`;
  });
  return `${introduction}\n\n${groups.join("\n\n")}\n`;
}

function optionLines(name: string, option: Option): string {
  const left = `  --${name}${option.value === undefined ? "" : ` ${option.value}`}`;
  const defaultText = option.default === undefined ? "" : ` [${option.default}]`;
  const [first = "", ...rest] = wrapped(`${option.help}${defaultText}`, HELP_WIDTH - HELP_COLUMN);
  const indent = " ".repeat(HELP_COLUMN);
  const start = left.length < HELP_COLUMN - 1 ? left.padEnd(HELP_COLUMN) + first : `${left}\n${indent}${first}`;
  return [start, ...rest.map((line) => indent + line)].join("\n");
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
