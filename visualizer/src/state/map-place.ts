import type { Camera } from "../engine/engine.ts";

/** What a link to the map says: where one looks, and at what. */
export interface MapPlace {
  readonly venue: string | null;
  readonly floor: number | null;
  readonly device: string | null;
  readonly camera: Camera | null;
}

const FLOOR = /^-?\d{1,4}$/;

/** Reads the part of an address after `#`; what makes no sense is left out. */
export function parsePlace(hash: string): MapPlace {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const floor = words.get("floor");
  return {
    venue: words.get("venue") || null,
    floor: floor !== null && FLOOR.test(floor) ? Number(floor) : null,
    device: words.get("device") || null,
    camera: parseCamera(words.get("at")),
  };
}

/** The part of an address after `#`, `""` for nothing at all. It stays with the browser: no server sees it. */
export function formatPlace(place: MapPlace): string {
  const words = new URLSearchParams();
  if (place.venue !== null) words.set("venue", place.venue);
  if (place.floor !== null) words.set("floor", String(place.floor));
  if (place.device !== null) words.set("device", place.device);
  // Commas are allowed there, and the address stays readable.
  const camera = place.camera === null ? "" : `at=${formatCamera(place.camera)}`;
  return [words.toString(), camera].filter((part) => part !== "").join("&");
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
