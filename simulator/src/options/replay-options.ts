import type { ShiftChoice } from "../replaying/time-shift.ts";
import { DOOR_OPTIONS, type Doors, type Environment, readDoors } from "./doors.ts";
import { helpText, type OptionTable, readArguments, type TypedOptions } from "./option-table.ts";
import { durationMs, settingsObject, speedFactor, wholeNumber } from "./option-values.ts";
import { UsageError } from "./usage-error.ts";

const TABLE: OptionTable = {
  "What is sent": {
    venue: { value: "ID", help: "send all fixes for this venue [each fix's own venue_id]" },
    "no-shift": { help: "leave the times as they are" },
    "shift-minutes": {
      value: "N",
      help: "shift all times by N minutes [so many that the newest fix's minute is the last one that is over]",
    },
    "send-bad": { help: "send lines that are no fixes, too, to see what the server says" },
  },
  "How it is sent": {
    speed: {
      value: "FACTOR",
      help: "how much faster than recorded, or max for as fast as it is acknowledged; time is that of the newest fix so far",
      default: "1",
    },
    "longest-wait": {
      value: "TIME",
      help: "longest wait between two fixes: gaps in the recording are cut short",
      default: "1m",
    },
    frame: { value: "N", help: "most fixes in a frame, 1 to 1000", default: "500" },
    window: {
      value: "N",
      help: "most frames of a venue that are sent and not answered yet; with more than 1, fixes can arrive out of their order where the server is busy",
      default: "1",
    },
    "give-up": { value: "TIME", help: "end where nothing was acknowledged for so long", default: "2m" },
  },
  "Services and credentials": {
    ...DOOR_OPTIONS,
    setting: {
      value: "NAME=VALUE",
      help: "a setting of the venues, such as max_accuracy=10; may be given more than once (needs the operator token)",
      multiple: true,
    },
  },
  "What comes out": {
    wait: { help: "at the end, wait until every accepted fix is in the contacts (needs the operator token)" },
    summary: { value: "FILE", help: "write a summary as JSON; - for stdout (all else goes to stderr then)" },
    every: { value: "TIME", help: "time between two lines of progress where there is no terminal", default: "5s" },
    quiet: { help: "say nothing but what went wrong" },
    help: { help: "this text" },
  },
};

const INTRODUCTION = `npm run replay -- FILE [options]

Sends recorded fixes: FILE is NDJSON, plain or gzipped, one fix a line as devices send them, in the order in which they
arrived. That order is kept, for each venue; times are shifted by whole minutes to end now. With the operator token,
which npm start leaves in .data/operator-token, it creates the venues and keys by itself and keeps their fixes for long
enough. Lines that are no fixes are counted and told, not sent. Defaults are in [brackets].

  npm run replay -- day.ndjson.gz --venue museum --speed 60   a day in 24 minutes
  npm run replay -- day.ndjson.gz --speed max                 as fast as it goes, each fix for its own venue

Exit code 0 when every fix was acknowledged, 1 when some were not, 2 when it could not be started.`;

/** What `--help` prints. */
export const REPLAY_HELP = helpText(INTRODUCTION, TABLE);

/** A replay as a person asked for it. */
export interface ReplayOptions {
  readonly file: string;
  /** Null for each fix's own. */
  readonly venueId: string | null;
  readonly shift: ShiftChoice;
  readonly sendBad: boolean;
  readonly speed: number;
  readonly longestWaitMs: number;
  readonly fixesPerFrame: number;
  readonly window: number;
  readonly giveUpMs: number;
  /** Whether to wait until all is evaluated. */
  readonly wait: boolean;
  readonly doors: Doors;
  readonly venueSettings: Record<string, unknown>;
  readonly summaryFile: string | undefined;
  readonly everyMs: number;
  readonly quiet: boolean;
}

/** Reads what was typed; null where help was asked for. @throws UsageError that says what is wrong */
export function readReplayOptions(argv: readonly string[], environment: Environment): ReplayOptions | null {
  const typed = readArguments(TABLE, argv);
  if (typed.has("help")) return null;
  const text = (name: string) => typed.text(name) ?? "";
  return {
    file: oneFile(typed),
    venueId: typed.text("venue") ?? null,
    shift: shiftOf(typed),
    sendBad: typed.has("send-bad"),
    speed: speedFactor("speed", text("speed")),
    longestWaitMs: durationMs("longest-wait", text("longest-wait")),
    fixesPerFrame: wholeNumber("frame", text("frame"), 1, 1_000),
    window: wholeNumber("window", text("window"), 1, 64),
    giveUpMs: durationMs("give-up", text("give-up")),
    wait: typed.has("wait"),
    doors: readDoors(typed, environment),
    venueSettings: settingsObject("setting", typed.texts("setting")),
    summaryFile: typed.text("summary"),
    everyMs: durationMs("every", text("every")),
    quiet: typed.has("quiet"),
  };
}

function oneFile({ positionals }: TypedOptions): string {
  const [file, ...more] = positionals;
  if (file === undefined) throw new UsageError("which file? npm run replay -- FILE.ndjson. --help tells more.");
  if (more.length > 0) throw new UsageError(`one file at a time, not ${positionals.join(" and ")}`);
  return file;
}

function shiftOf(typed: TypedOptions): ShiftChoice {
  const minutes = typed.text("shift-minutes");
  if (!typed.has("no-shift")) {
    if (minutes === undefined) return { kind: "to-now" };
    return { kind: "by-minutes", minutes: wholeNumber("shift-minutes", minutes, -100_000_000, 100_000_000) };
  }
  if (minutes !== undefined) throw new UsageError("--no-shift and --shift-minutes contradict each other: give one");
  return { kind: "none" };
}
