/**
 * The live feed between api and map: one text frame first ({@link LiveHello}), then binary frames of columns,
 * little-endian, private to the two. A snapshot replaces everything; a change adds to it. Devices are named once and
 * then meant by index, positions are metres east and north of the hello's anchor (see {@link MapAnchor}). After every
 * hello comes a snapshot. There is a binary frame at least every second, if only an empty change, unless the server
 * is in trouble, which it says ({@link LiveTrouble}).
 */

/** The venue's origin on the map. */
export interface MapAnchor {
  readonly longitude: number;
  readonly latitude: number;
}

/** First frame of a feed, JSON. Sent again whenever the venue's settings or plan change. */
export interface LiveHello {
  readonly type: "hello";
  readonly venue_id: string;
  readonly anchor: MapAnchor;
  readonly proximity: number;
  readonly min_minutes: number;
  readonly cap: number;
  readonly time_zone: string;
  readonly name: string;
  /** Grows with every change of the plan, so that the map knows when to fetch it again. */
  readonly plan_revision: number;
  /** True while the venue has neither plan nor devices: the anchor is then 0, 0, and another hello follows. */
  readonly unplaced?: true;
}

/** The server cannot read the venue: what was shown ages. No binary frame follows until {@link LiveRecovered}. */
export interface LiveTrouble {
  readonly type: "trouble";
  /** When it began, by the server's clock, ms. */
  readonly since: number;
}

/** The trouble is over; a snapshot follows. */
export interface LiveRecovered {
  readonly type: "recovered";
}

/**
 * What a viewer may say, as a text frame, or in the feed's URL as `?proximity=&certain=`: by which measure its lines
 * are to be from then on. The next frames come as before until one has lines of that measure, and says so.
 */
export interface LiveLook {
  readonly type: "look";
  /** Metres, up to the venue's cap in steps of 0.1; null or absent: the venue's default, also when that changes. */
  readonly proximity?: number | null;
  /** Whether only certain minutes count; false where absent. */
  readonly certain?: boolean;
}

/** A {@link LiveLook} was not granted: the message says why. All stays as it was. */
export interface LiveRefused {
  readonly type: "refused";
  readonly message: string;
}

/** A text frame of the feed. */
export type LiveText = LiveHello | LiveTrouble | LiveRecovered | LiveRefused;

/** Why the server closes a feed with 4401. */
export const LIVE_CLOSE_REASON = {
  signedOut: "signed out",
  venueDeleted: "venue deleted",
  /** What one may see of the venue is not what it was. */
  rightsChanged: "rights changed",
} as const;

/** Newest fixes of devices as columns. East and north are true local metres at the anchor's Mercator scale. */
export interface LiveFixes {
  readonly count: number;
  readonly device: Uint32Array;
  readonly eastM: Float32Array;
  readonly northM: Float32Array;
  readonly accuracyCm: Uint16Array;
  /** Fix time before the frame's time, in 0.1 s, clipped to 16 bits; negative when ahead of the server's clock. */
  readonly ageDs: Int16Array;
  readonly floor: Int16Array;
}

/**
 * Pairs. Live: those in proximity by the frame's measure, as of the newest evaluation. Of a past minute: all out to
 * the venue's cap.
 */
export interface LiveLines {
  readonly count: number;
  readonly a: Uint32Array;
  readonly b: Uint32Array;
  /** Consecutive minutes in proximity so far, by the frame's measure; 0 where a past minute's pair is not. */
  readonly minutes: Uint16Array;
  readonly gapDm: Int16Array;
  readonly reachDm: Uint16Array;
}

export interface LiveFrame {
  readonly snapshot: boolean;
  /** The server's clock when the frame was made, ms. */
  readonly timeMs: number;
  /** Newest evaluated minute, -1 where there is none. */
  readonly minute: number;
  /** What makes a line's minute count: a gap of at most so many decimetres or, where `certain`, a reach. */
  readonly proximityDm: number;
  readonly certain: boolean;
  /** Index of the first of `names`; a snapshot starts at 0. */
  readonly firstName: number;
  readonly names: readonly string[];
  readonly fixes: LiveFixes;
  /** All lines there are, or null where they are as before. */
  readonly lines: LiveLines | null;
}

/** Header of the answer with a past minute's frame: where its metres are counted from, as {@link writeAnchor} says it. */
export const ANCHOR_HEADER = "Encounter-Anchor";

const VERSION = 2;
const HEADER_BYTES = 40;
const NO_LINES = 0xffff_ffff;
const FIX_BYTES = 4 + 4 + 4 + 2 + 2 + 2;
const LINE_BYTES = 4 + 4 + 2 + 2 + 2;

export const NO_FIXES: LiveFixes = {
  count: 0,
  device: new Uint32Array(0),
  eastM: new Float32Array(0),
  northM: new Float32Array(0),
  accuracyCm: new Uint16Array(0),
  ageDs: new Int16Array(0),
  floor: new Int16Array(0),
};

function padTo4(bytes: number): number {
  return (bytes + 3) & ~3;
}

/** Names as they stand in a frame. */
export function encodeNames(names: readonly string[]): Uint8Array {
  return new TextEncoder().encode(names.length === 0 ? "" : JSON.stringify(names));
}

/**
 * Lays a frame out as bytes.
 * @param names the frame's names, where they are encoded already
 */
export function encodeLiveFrame(frame: LiveFrame, names = encodeNames(frame.names)): Uint8Array {
  const fixBytes = padTo4(frame.fixes.count * FIX_BYTES);
  const lineBytes = frame.lines === null ? 0 : padTo4(frame.lines.count * LINE_BYTES);
  const bytes = new Uint8Array(HEADER_BYTES + fixBytes + lineBytes + names.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, VERSION);
  view.setUint8(1, frame.snapshot ? 1 : 0);
  view.setUint8(2, frame.certain ? 1 : 0);
  view.setUint32(4, frame.fixes.count, true);
  view.setUint32(8, frame.lines === null ? NO_LINES : frame.lines.count, true);
  view.setUint32(12, frame.firstName, true);
  view.setFloat64(16, frame.timeMs, true);
  view.setFloat64(24, frame.minute, true);
  view.setUint32(32, names.length, true);
  view.setUint16(36, frame.proximityDm, true);
  writeFixes(bytes.buffer, HEADER_BYTES, frame.fixes);
  if (frame.lines !== null) writeLines(bytes.buffer, HEADER_BYTES + fixBytes, frame.lines);
  bytes.set(names, HEADER_BYTES + fixBytes + lineBytes);
  return bytes;
}

function writeFixes(buffer: ArrayBuffer, at: number, fixes: LiveFixes): void {
  const n = fixes.count;
  new Uint32Array(buffer, at, n).set(fixes.device.subarray(0, n));
  new Float32Array(buffer, at + n * 4, n).set(fixes.eastM.subarray(0, n));
  new Float32Array(buffer, at + n * 8, n).set(fixes.northM.subarray(0, n));
  new Uint16Array(buffer, at + n * 12, n).set(fixes.accuracyCm.subarray(0, n));
  new Int16Array(buffer, at + n * 14, n).set(fixes.ageDs.subarray(0, n));
  new Int16Array(buffer, at + n * 16, n).set(fixes.floor.subarray(0, n));
}

function writeLines(buffer: ArrayBuffer, at: number, lines: LiveLines): void {
  const n = lines.count;
  new Uint32Array(buffer, at, n).set(lines.a.subarray(0, n));
  new Uint32Array(buffer, at + n * 4, n).set(lines.b.subarray(0, n));
  new Uint16Array(buffer, at + n * 8, n).set(lines.minutes.subarray(0, n));
  new Int16Array(buffer, at + n * 10, n).set(lines.gapDm.subarray(0, n));
  new Uint16Array(buffer, at + n * 12, n).set(lines.reachDm.subarray(0, n));
}

/**
 * Reads a frame; its columns are views on the given buffer.
 * @throws RangeError where the bytes are not a frame of this version
 */
export function decodeLiveFrame(buffer: ArrayBuffer): LiveFrame {
  const view = new DataView(buffer);
  if (buffer.byteLength < HEADER_BYTES || view.getUint8(0) !== VERSION) {
    throw new RangeError("not a live frame of this version");
  }
  const fixCount = view.getUint32(4, true);
  const lineCount = view.getUint32(8, true);
  const namesBytes = view.getUint32(32, true);
  const linesAt = HEADER_BYTES + padTo4(fixCount * FIX_BYTES);
  const namesAt = linesAt + (lineCount === NO_LINES ? 0 : padTo4(lineCount * LINE_BYTES));
  return {
    snapshot: view.getUint8(1) === 1,
    timeMs: view.getFloat64(16, true),
    minute: view.getFloat64(24, true),
    proximityDm: view.getUint16(36, true),
    certain: view.getUint8(2) === 1,
    firstName: view.getUint32(12, true),
    names: namesBytes === 0 ? [] : JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, namesAt, namesBytes))),
    fixes: readFixes(buffer, HEADER_BYTES, fixCount),
    lines: lineCount === NO_LINES ? null : readLines(buffer, linesAt, lineCount),
  };
}

function readFixes(buffer: ArrayBuffer, at: number, n: number): LiveFixes {
  return {
    count: n,
    device: new Uint32Array(buffer, at, n),
    eastM: new Float32Array(buffer, at + n * 4, n),
    northM: new Float32Array(buffer, at + n * 8, n),
    accuracyCm: new Uint16Array(buffer, at + n * 12, n),
    ageDs: new Int16Array(buffer, at + n * 14, n),
    floor: new Int16Array(buffer, at + n * 16, n),
  };
}

function readLines(buffer: ArrayBuffer, at: number, n: number): LiveLines {
  return {
    count: n,
    a: new Uint32Array(buffer, at, n),
    b: new Uint32Array(buffer, at + n * 4, n),
    minutes: new Uint16Array(buffer, at + n * 8, n),
    gapDm: new Int16Array(buffer, at + n * 10, n),
    reachDm: new Uint16Array(buffer, at + n * 12, n),
  };
}

/** An anchor as a header's text: longitude, comma, latitude, degrees. */
export function writeAnchor({ longitude, latitude }: MapAnchor): string {
  return `${longitude},${latitude}`;
}

/** Reads what {@link writeAnchor} wrote; null where the text is no anchor. */
export function readAnchor(text: string | null): MapAnchor | null {
  const [longitude, latitude] = (text ?? "").split(",").map((part) => (part === "" ? Number.NaN : Number(part)));
  if (longitude === undefined || latitude === undefined || !Number.isFinite(longitude + latitude)) return null;
  return { longitude, latitude };
}

const EARTH_RADIUS_M = 6_378_137;
const RADIANS = Math.PI / 180;

function mercatorNorth(latitude: number): number {
  return Math.log(Math.tan(Math.PI / 4 + (latitude * RADIANS) / 2));
}

/**
 * A position as metres from the anchor: spherical Mercator, scaled to be true at the anchor's latitude, so that it
 * lies right on the map however far away it is and reads as metres nearby.
 */
export function toAnchored(anchor: MapAnchor, longitude: number, latitude: number): { eastM: number; northM: number } {
  const scaleM = EARTH_RADIUS_M * Math.cos(anchor.latitude * RADIANS);
  let east = longitude - anchor.longitude;
  if (east > 180) east -= 360;
  else if (east < -180) east += 360;
  return {
    eastM: east * RADIANS * scaleM,
    northM: (mercatorNorth(latitude) - mercatorNorth(anchor.latitude)) * scaleM,
  };
}

/** The inverse of {@link toAnchored}. */
export function fromAnchored(
  anchor: MapAnchor,
  eastM: number,
  northM: number,
): { longitude: number; latitude: number } {
  const scaleM = EARTH_RADIUS_M * Math.cos(anchor.latitude * RADIANS);
  const north = northM / scaleM + mercatorNorth(anchor.latitude);
  return {
    longitude: anchor.longitude + eastM / scaleM / RADIANS,
    latitude: (2 * Math.atan(Math.exp(north)) - Math.PI / 2) / RADIANS,
  };
}
