import { ACCURACY_FORMS, parseAccuracy } from "../sensors/accuracy.ts";
import { BUILDING_FLOORS } from "../world/building.ts";
import { peoplePerBuilding } from "../world/world.ts";
import { DOOR_OPTIONS, type Doors, type Environment, readDoors } from "./doors.ts";
import { helpText, type OptionTable, readArguments, type TypedOptions } from "./option-table.ts";
import {
  durationMs,
  longitudeAndLatitude,
  momentMs,
  numberWithin,
  settingsObject,
  speedFactor,
  wholeNumber,
} from "./option-values.ts";
import { UsageError } from "./usage-error.ts";

/** Most storeys of all buildings where nobody says how many: their plan is still one that the operators' door takes. */
const STOREYS_MAX = 150;
/** Most floors of a building: so high that nobody asks for more by mistake. */
const FLOORS_MAX = 50;

const TABLE: OptionTable = {
  "What is simulated": {
    devices: { value: "N", help: "devices, one person each", default: "100" },
    venues: { value: "N", help: "venues that the devices are spread over", default: "1" },
    venue: {
      value: "ID",
      help: "the venue's id, with more venues ID-1, ID-2, ... [demo; to verify, a new one named after the time]",
    },
    interval: { value: "SECONDS", help: "time between two fixes of a device", default: "15" },
    jitter: { value: "SHARE", help: "each fix comes up to this share of the interval early or late", default: "0.1" },
    accuracy: {
      value: "DISTRIBUTION",
      help: `accuracy radius in metres: ${ACCURACY_FORMS}`,
      default: "lognormal:1.2,0.4",
    },
    inside: {
      value: "SHARE",
      help: "share of fixes whose circle really holds the true position; the error is normal with a deviation to fit",
      default: "0.95",
    },
    plan: {
      value: "FILE",
      help: "a GeoJSON floor plan (kinds floor, room, wall, door, furniture, zone; or space, obstruction) instead of the built-in building of 60 x 40 m",
    },
    floors: {
      value: "N",
      help: "floors of the built-in building: canteen and meetings below, offices above; with 1 it is a hall, and all people are on one floor",
      default: `${BUILDING_FLOORS}`,
    },
    buildings: {
      value: "N",
      help: `built-in buildings per venue, side by side [so many that everybody has a desk: one for every ${peoplePerBuilding(BUILDING_FLOORS)} people, every ${peoplePerBuilding(1)} with one floor; at most ${STOREYS_MAX} floors in all]`,
    },
    at: { value: "LON,LAT", help: "where the built-in building stands", default: "8.5500,47.3700" },
    "keep-plan": { help: "leave the venues' floor plans as they are" },
    "first-device": {
      value: "N",
      help: "number of the first device: a second process goes on where the first one ends (give both the same --buildings)",
      default: "1",
    },
    "device-prefix": { value: "TEXT", help: "what device ids start with", default: "device-" },
    seed: { value: "TEXT", help: "the same seed gives the same walks and noise [random, printed at the start]" },
  },
  Time: {
    minutes: { value: "N", help: "simulated minutes to run, in fractions too [until Ctrl-C]" },
    duration: { value: "TIME", help: "the same as a time such as 90s, 10m or 2h" },
    start: {
      value: "MOMENT",
      help: "first moment to simulate: now, a time ago such as -60m, ISO 8601 with an offset, or ms since 1970 [now; with a --speed and a duration, so long ago that it ends now]",
    },
    speed: {
      value: "FACTOR",
      help: "how much faster than real time the past is simulated, or max for as fast as fixes are acknowledged; the present is never overtaken, and from there on it is live",
      default: "1",
    },
  },
  "How it is sent": {
    batch: { value: "N", help: "one socket per venue carries all devices, in frames of up to N fixes", default: "100" },
    linger: { value: "TIME", help: "longest that a fix waits for others to fill its frame", default: "200ms" },
    gateways: { value: "N", help: "sockets per venue that share the devices", default: "1" },
    "socket-per-device": { help: "every device has a socket of its own and sends each fix at once" },
    window: { value: "N", help: "most frames of a socket that are sent and not answered yet", default: "8" },
    dropout: {
      value: "SHARE",
      help: "share of frames after which the connection breaks before the answer is in",
      default: "0",
    },
    outage: { value: "TIME", help: "how long a device stays away then, from nothing to twice this", default: "5s" },
    resend: { value: "SHARE", help: "share of answered frames that are sent once more all the same", default: "0" },
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
    verify: {
      help: "at the end, compare the server's fixes and contacts with brute force over what was sent and with the truth (needs the operator token)",
    },
    truth: {
      value: "FILE",
      help: "write where everyone really was as NDJSON: lines of kind fix (what was sent, its outcome, the truth) and of kind minute (the truth at a device's first fix of a minute); also verifies, where there is an operator token",
    },
    summary: { value: "FILE", help: "write a summary as JSON; - for stdout (all else goes to stderr then)" },
    every: { value: "TIME", help: "time between two lines of progress where there is no terminal", default: "5s" },
    quiet: { help: "say nothing but what went wrong" },
    "print-plan": { help: "print the floor plan as GeoJSON and end" },
    help: { help: "this text" },
  },
};

const INTRODUCTION = `npm run simulate -- [options]

Simulates people who carry devices through a building (desks, meetings, lunch, coffee, stairs), sends what the devices
would measure to the devices' door, and checks every answer. With the operator token, which npm start leaves in
.data/operator-token, it creates the venues, their floor plans and keys by itself. Defaults are in [brackets].

  npm run simulate -- --devices 200                        a lively venue "demo", until Ctrl-C
  npm run simulate -- --devices 1000 --minutes 10 --verify  ten minutes, then: are the contacts right?
  npm run simulate -- --minutes 60 --speed 60              the last hour, in a minute
  npm run simulate -- --devices 10000 --socket-per-device  ten thousand sockets
  npm run simulate -- --devices 10000 --floors 1           ten thousand people on one floor, in halls side by side
  npm run simulate -- --dropout 0.01 --resend 0.05         devices that lose their connection and repeat themselves`;

/** What `--help` prints. */
export const SIMULATE_HELP = helpText(INTRODUCTION, TABLE);

/** A simulation as a person asked for it. */
export interface SimulateOptions {
  readonly devices: number;
  readonly venueIds: readonly string[];
  readonly firstDevice: number;
  readonly devicePrefix: string;
  readonly intervalMs: number;
  readonly jitter: number;
  readonly accuracy: string;
  readonly inside: number;
  readonly planFile: string | undefined;
  readonly buildings: number;
  readonly floors: number;
  readonly keepPlan: boolean;
  readonly longitude: number;
  readonly latitude: number;
  /** Undefined where a random one is to be drawn. */
  readonly seed: string | undefined;
  /** First simulated moment, ms since the Unix epoch; null for so late that it ends, or begins, when all is ready. */
  readonly startMs: number | null;
  readonly durationMs: number;
  readonly speed: number;
  readonly batch: number;
  readonly lingerMs: number;
  readonly gateways: number;
  readonly socketPerDevice: boolean;
  readonly window: number;
  readonly dropout: number;
  readonly outageMs: number;
  readonly resend: number;
  readonly doors: Doors;
  readonly venueSettings: Record<string, unknown>;
  readonly verify: boolean;
  readonly truthFile: string | undefined;
  readonly summaryFile: string | undefined;
  readonly everyMs: number;
  readonly quiet: boolean;
  readonly printPlan: boolean;
  readonly help: boolean;
}

/** Reads what was typed. @param nowMs the present, ms since the Unix epoch @throws UsageError that says what is wrong */
export function readSimulateOptions(argv: readonly string[], environment: Environment, nowMs: number): SimulateOptions {
  const typed = readArguments(TABLE, argv);
  if (typed.positionals.length > 0)
    throw new UsageError(`"${typed.positionals[0]}" is no option. --help lists them all.`);
  const text = (name: string) => typed.text(name) ?? "";
  const devices = wholeNumber("devices", text("devices"), 1, 1_000_000);
  const venues = wholeNumber("venues", text("venues"), 1, 10_000);
  const firstDevice = wholeNumber("first-device", text("first-device"), 1, 10_000_000);
  const floors = floorsOf(typed);
  const people = Math.ceil((firstDevice - 1 + devices) / venues);
  return {
    devices,
    venueIds: venueIdsOf(typed.text("venue") ?? defaultVenue(typed, nowMs), venues),
    firstDevice,
    devicePrefix: text("device-prefix"),
    intervalMs: numberWithin("interval", text("interval"), 0.02, 86_400) * 1000,
    jitter: numberWithin("jitter", text("jitter"), 0, 0.5),
    accuracy: checkedAccuracy(text("accuracy")),
    inside: numberWithin("inside", text("inside"), 0.01, 1),
    planFile: typed.text("plan"),
    buildings: buildingsFor(typed, people, floors),
    floors,
    keepPlan: typed.has("keep-plan"),
    ...longitudeAndLatitude("at", text("at")),
    seed: typed.text("seed"),
    ...readTime(typed, nowMs),
    batch: wholeNumber("batch", text("batch"), 1, 1_000),
    lingerMs: durationMs("linger", text("linger")),
    gateways: wholeNumber("gateways", text("gateways"), 1, 10_000),
    socketPerDevice: typed.has("socket-per-device"),
    window: wholeNumber("window", text("window"), 1, 64),
    dropout: numberWithin("dropout", text("dropout"), 0, 1),
    outageMs: durationMs("outage", text("outage")),
    resend: numberWithin("resend", text("resend"), 0, 1),
    doors: readDoors(typed, environment),
    venueSettings: settingsObject("setting", typed.texts("setting")),
    verify: typed.has("verify"),
    truthFile: typed.text("truth"),
    summaryFile: typed.text("summary"),
    everyMs: durationMs("every", text("every")),
    quiet: typed.has("quiet"),
    printPlan: typed.has("print-plan"),
    help: typed.has("help"),
  };
}

/** What is compared with brute force must not hold what an earlier run of the same devices left there. */
function defaultVenue(typed: TypedOptions, nowMs: number): string {
  const verifies = typed.has("verify") || typed.isTyped("truth");
  return verifies ? `verify-${new Date(nowMs).toISOString().slice(0, 19).replace(/[-:]/g, "")}` : "demo";
}

function venueIdsOf(venue: string, venues: number): string[] {
  if (venues === 1) return [venue];
  return Array.from({ length: venues }, (_, index) => `${venue}-${index + 1}`);
}

function checkedAccuracy(text: string): string {
  try {
    parseAccuracy(text);
    return text;
  } catch (error) {
    throw new UsageError(`--accuracy: ${(error as Error).message}`);
  }
}

function floorsOf(typed: TypedOptions): number {
  if (typed.text("plan") !== undefined && typed.isTyped("floors")) {
    throw new UsageError("--floors builds the built-in building; a --plan is used as it is");
  }
  return wholeNumber("floors", typed.text("floors") ?? "", 1, FLOORS_MAX);
}

function buildingsFor(typed: TypedOptions, people: number, floors: number): number {
  const text = typed.text("buildings");
  if (typed.text("plan") !== undefined) {
    if (text !== undefined) throw new UsageError("--buildings copies the built-in building; a --plan is used as it is");
    return 1;
  }
  if (text === undefined) {
    return Math.min(Math.floor(STOREYS_MAX / floors), Math.ceil(people / peoplePerBuilding(floors)));
  }
  return wholeNumber("buildings", text, 1, Math.min(people, 1_000));
}

function readTime(typed: TypedOptions, nowMs: number): Pick<SimulateOptions, "startMs" | "durationMs" | "speed"> {
  const duration = readDuration(typed);
  const speed = speedFactor("speed", typed.text("speed") ?? "1");
  const startText = typed.text("start");
  if ((startText ?? "now") === "now" && speed > 1 && duration === Infinity) {
    throw new UsageError("--speed makes the past go by faster: give --start -60m, or --minutes");
  }
  const startMs = startText === undefined || startText === "now" ? null : momentMs("start", startText, nowMs);
  if (startMs !== null && startMs > nowMs)
    throw new UsageError("--start lies in the future: fixes from there would be refused");
  return { startMs, durationMs: duration, speed };
}

function readDuration(typed: TypedOptions): number {
  const minutes = typed.text("minutes");
  const duration = typed.text("duration");
  if (minutes !== undefined && duration !== undefined)
    throw new UsageError("--minutes and --duration say the same: give one");
  if (minutes !== undefined) return Math.round(numberWithin("minutes", minutes, 0.01, 1e6) * 60_000);
  return duration === undefined ? Infinity : durationMs("duration", duration);
}
