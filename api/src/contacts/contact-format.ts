import type { Closest } from "@encounter/core/wire/contacts";
import type { ContactDetails } from "./contact-details.ts";
import { shownClosest, shownMinute } from "./contact-path.ts";

/** How much of each contact is told. */
interface Telling {
  readonly closest: boolean;
  readonly path: boolean;
  readonly proximityDm: number;
}

/** One form of the same contacts. An answer is its head, the contacts with separators between them, and its tail. */
interface ContactFormat {
  readonly contentType: string;
  /** @param facts members of the answer beside the contacts */
  head(facts: Readonly<Record<string, unknown>>): string;
  readonly separator: string;
  /** In pieces where more is told than its facts: that has to be read first, and may be long. */
  contact(details: ContactDetails, telling: Telling): string | AsyncIterable<string>;
  tail(nextCursor: string | null): string;
}

function contactJson(details: ContactDetails, telling: Telling): string | AsyncIterable<string> {
  return telling.closest || telling.path ? detailedJson(details, telling) : JSON.stringify(details.facts);
}

async function* detailedJson(details: ContactDetails, telling: Telling): AsyncGenerator<string> {
  const bare = JSON.stringify(details.facts).slice(0, -1);
  const closest = telling.closest ? `,"closest":${await closestJson(details)}` : "";
  if (!telling.path) {
    yield `${bare}${closest}}`;
    return;
  }
  yield `${bare}${closest},"path":[`;
  let separator = "";
  for await (const point of await details.path()) {
    yield separator + JSON.stringify(shownMinute(point, telling.proximityDm));
    separator = ",";
  }
  yield "]}";
}

async function closestJson(details: ContactDetails): Promise<string> {
  const closest = await details.closest();
  return JSON.stringify(closest === null ? null : shownClosest(closest));
}

const json: ContactFormat = {
  contentType: "application/json; charset=utf-8",
  head: (facts) => `${JSON.stringify(facts).slice(0, -1)},"contacts":[`,
  separator: ",",
  contact: contactJson,
  tail: (nextCursor) => `],"next_cursor":${JSON.stringify(nextCursor)}}`,
};

/** A contact a line. */
const ndjson: ContactFormat = {
  contentType: "application/x-ndjson; charset=utf-8",
  head: () => "",
  separator: "",
  contact(details, telling) {
    const text = contactJson(details, telling);
    return typeof text === "string" ? `${text}\n` : withLineEnd(text);
  },
  tail: () => "",
};

async function* withLineEnd(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  yield* pieces;
  yield "\n";
}

const FACT_COLUMNS = ["device_id", "other", "start", "end", "minutes", "certain_minutes"] as const;
const CLOSEST_COLUMNS = ["minute", "floor", "distance", "gap"] as const;

/** RFC 4180. The columns are always the same; those of `closest` are empty where it is not told. It has no path. */
const csv: ContactFormat = {
  contentType: "text/csv; charset=utf-8; header=present",
  head: () => `${[...FACT_COLUMNS, ...CLOSEST_COLUMNS.map((column) => `closest_${column}`)].join()}\r\n`,
  separator: "",
  contact: (details, telling) => (telling.closest ? detailedCsv(details) : csvLine(details, null)),
  tail: () => "",
};

async function* detailedCsv(details: ContactDetails): AsyncGenerator<string> {
  const closest = await details.closest();
  yield csvLine(details, closest === null ? null : shownClosest(closest));
}

function csvLine({ facts }: ContactDetails, closest: Closest | null): string {
  const factCells = FACT_COLUMNS.map((column) => csvCell(facts[column]));
  const closestCells = CLOSEST_COLUMNS.map((column) => csvCell(closest?.[column] ?? ""));
  return `${[...factCells, ...closestCells].join()}\r\n`;
}

/** Texts that a spreadsheet would take for something else are quoted too; the data stays as it is. */
function csvCell(value: string | number): string {
  if (typeof value === "number" || !/[",\r\n]|^[\s=+\-@]|\s$/.test(value)) return String(value);
  return `"${value.replaceAll('"', '""')}"`;
}

/** RFC 7946: a contact is where `device_id` was, at the closest minute or, with the path, all along it. */
const geojson: ContactFormat = {
  contentType: "application/geo+json; charset=utf-8",
  head: () => '{"type":"FeatureCollection","features":[',
  separator: ",",
  async *contact(details, telling) {
    const closest = await details.closest();
    const told = telling.closest && closest !== null ? { closest: shownClosest(closest) } : {};
    yield `{"type":"Feature","properties":${JSON.stringify({ ...details.facts, ...told })},"geometry":`;
    if (closest === null) yield "null";
    else if (telling.path && details.facts.minutes > 1) yield* lineJson(details);
    else yield JSON.stringify({ type: "Point", coordinates: [closest.self.longitude, closest.self.latitude] });
    yield "}";
  },
  tail: (nextCursor) => `],"next_cursor":${JSON.stringify(nextCursor)}}`,
};

async function* lineJson(details: ContactDetails): AsyncGenerator<string> {
  yield '{"type":"LineString","coordinates":[';
  let separator = "";
  for await (const { self } of await details.path()) {
    yield `${separator}[${self.longitude},${self.latitude}]`;
    separator = ",";
  }
  yield "]}";
}

/** The forms by the name that `format` gives them. */
export const CONTACT_FORMATS = { json, csv, geojson, ndjson };
export type ContactFormatName = keyof typeof CONTACT_FORMATS;
