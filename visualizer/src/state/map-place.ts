import type { Camera } from "../engine/engine.ts";
import type { DeviceFilter } from "../live/device-list.ts";

/** What lies beside the map, on its right. A selected device shows its own page there unless one of these does. */
export const PANELS = ["network", "watch", "table"] as const;
export type PanelName = (typeof PANELS)[number];

/** What can be switched on the map, in the order in which it is listed. */
export const LAYERS = ["rings", "lines", "labels", "rooms", "trails", "heat", "counts", "clusters"] as const;
export type LayerName = (typeof LAYERS)[number];

/** What is on unless a link says otherwise. */
export const USUAL_LAYERS: readonly LayerName[] = ["rings", "lines", "labels", "rooms", "clusters"];

/** What a link to the map says: where one looks, when, at what, and by which measure. Null is the usual. */
export interface MapPlace {
  readonly venue: string | null;
  readonly floor: number | null;
  readonly device: string | null;
  /** The other device of the contact that is looked into. */
  readonly other: string | null;
  readonly panel: PanelName | null;
  readonly camera: Camera | null;
  /** Whether the camera goes with the device. */
  readonly follow: boolean;
  /** The minute that is shown; null is live. */
  readonly minute: number | null;
  /** What tables are about, `[from, to)` ms; null is what was last up to what is shown. */
  readonly from: number | null;
  readonly to: number | null;
  /** How much of that, minutes; null is a day. */
  readonly last: number | null;
  readonly query: string;
  readonly filter: DeviceFilter;
  /** Instead of the venue's own. */
  readonly proximityDm: number | null;
  readonly minMinutes: number | null;
  readonly certain: boolean;
  readonly staleS: number | null;
  readonly leaveS: number | null;
  readonly layers: readonly LayerName[] | null;
}

export const NOWHERE: MapPlace = {
  venue: null,
  floor: null,
  device: null,
  other: null,
  panel: null,
  camera: null,
  follow: false,
  minute: null,
  from: null,
  to: null,
  last: null,
  query: "",
  filter: "all",
  proximityDm: null,
  minMinutes: null,
  certain: false,
  staleS: null,
  leaveS: null,
  layers: null,
};

const FILTERS: readonly DeviceFilter[] = ["all", "contact", "stale"];
const LAST_TIME_MS = 8.64e15;
/** Nothing is kept for longer than ten years. */
const LONGEST_WINDOW_MINUTES = 3_650 * 1_440;

/** Reads the part of an address after `#`; what makes no sense is left out. */
export function parsePlace(hash: string): MapPlace {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const whole = (name: string, least: number, most: number) => wholeNumber(words.get(name), least, most);
  const proximityM = words.get("proximity");
  return {
    venue: words.get("venue") || null,
    floor: whole("floor", -100, 1_000),
    device: words.get("device") || null,
    other: words.get("other") || null,
    panel: oneOf(words.get("panel"), PANELS),
    camera: parseCamera(words.get("at")),
    follow: words.get("follow") === "true",
    minute: whole("minute", 0, LAST_TIME_MS / 60_000),
    from: whole("from", 0, LAST_TIME_MS),
    to: whole("to", 0, LAST_TIME_MS),
    last: whole("last", 1, LONGEST_WINDOW_MINUTES),
    query: words.get("q") ?? "",
    filter: oneOf(words.get("show"), FILTERS) ?? "all",
    proximityDm:
      proximityM !== null && /^\d{1,2}(\.\d)?$/.test(proximityM) ? Math.round(Number(proximityM) * 10) : null,
    minMinutes: whole("min_minutes", 1, 1_440),
    certain: words.get("certain") === "true",
    staleS: whole("stale", 1, 86_400),
    leaveS: whole("leave", 1, 86_400),
    layers: parseLayers(words.get("layers")),
  };
}

/** The part of an address after `#`, `""` for nothing at all. It stays with the browser: no server sees it. */
export function formatPlace(place: MapPlace): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(wordsOf(place)))
    if (value !== null && value !== "") words.set(name, value);
  // Commas are allowed there, and the address stays readable.
  const layers = place.layers === null ? "" : `layers=${place.layers.join(",")}`;
  const camera = place.camera === null ? "" : `at=${formatCamera(place.camera)}`;
  return [words.toString(), layers, camera].filter((part) => part !== "").join("&");
}

function wordsOf(place: MapPlace): Record<string, string | null> {
  const text = (value: number | null) => (value === null ? null : String(value));
  return {
    venue: place.venue,
    floor: text(place.floor),
    minute: text(place.minute),
    device: place.device,
    other: place.other,
    panel: place.panel,
    follow: place.follow ? "true" : null,
    from: text(place.from),
    to: text(place.to),
    last: text(place.last),
    q: place.query,
    show: place.filter === "all" ? null : place.filter,
    proximity: place.proximityDm === null ? null : (place.proximityDm / 10).toString(),
    min_minutes: text(place.minMinutes),
    certain: place.certain ? "true" : null,
    stale: text(place.staleS),
    leave: text(place.leaveS),
  };
}

/** Longitude, latitude, zoom, and the bearing where it is not north. */
function formatCamera({ longitude, latitude, zoom, bearing }: Camera): string {
  const numbers = [longitude.toFixed(6), latitude.toFixed(6), zoom.toFixed(2)];
  if (Math.abs(bearing) >= 0.05) numbers.push(bearing.toFixed(1));
  return numbers.join(",");
}

function parseCamera(text: string | null): Camera | null {
  if (text === null) return null;
  const [longitude, latitude, zoom, bearing = 0, ...rest] = text.split(",").map(Number);
  const numbers = [longitude, latitude, zoom, bearing];
  if (rest.length > 0 || numbers.some((number) => !Number.isFinite(number))) return null;
  const inRange = Math.abs(longitude!) <= 540 && Math.abs(latitude!) <= 90 && zoom! >= 0 && zoom! <= 24;
  return inRange ? { longitude: longitude!, latitude: latitude!, zoom: zoom!, bearing } : null;
}

/** Null where nothing is said; what is not a layer is left out. */
function parseLayers(text: string | null): readonly LayerName[] | null {
  if (text === null) return null;
  const named = new Set(text.split(","));
  return LAYERS.filter((layer) => named.has(layer));
}

function wholeNumber(text: string | null, least: number, most: number): number | null {
  if (text === null || !/^-?\d{1,16}$/.test(text)) return null;
  const value = Number(text);
  return value >= least && value <= most ? value : null;
}

function oneOf<Name extends string>(text: string | null, names: readonly Name[]): Name | null {
  return names.find((name) => name === text) ?? null;
}
