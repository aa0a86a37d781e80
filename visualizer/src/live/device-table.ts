import type { LiveFixes, LiveFrame, LiveLines, MapAnchor } from "@encounter/core/wire/live";
import { fromAnchored } from "@encounter/core/wire/live";

const RADIANS = Math.PI / 180;
/** Of the sphere that the map is drawn on. */
const EARTH_RADIUS_M = 6_378_137;
/** A device that moved further than this between two fixes is shown at its new place at once, metres. */
const LONGEST_GLIDE_M = 60;
/** How long a device takes from its former place to its new one on the map, ms. */
export const GLIDE_MS = 400;

const NO_LINES: LiveLines = {
  count: 0,
  a: new Uint32Array(0),
  b: new Uint32Array(0),
  minutes: new Uint16Array(0),
  gapDm: new Int16Array(0),
  reachDm: new Uint16Array(0),
};

/** How far along its way a device is shown, 0 to 1, a time after its fix came: fast first, then settling. */
export function glideProgress(sinceMs: number): number {
  const t = Math.min(1, Math.max(0, sinceMs / GLIDE_MS));
  const left = 1 - t;
  return 1 - left * left * left;
}

/**
 * What is known of a venue's devices, as columns: the newest fix of each, and the pairs in proximity. It is the sum
 * of the feed's frames: a snapshot replaces everything, a change adds to it.
 *
 * All columns are at least {@link count} long; a device whose `fixTimeMs` is 0 is named but has no fix yet.
 */
export class DeviceTable {
  names: string[] = [];
  count = 0;
  eastM = new Float32Array(0);
  northM = new Float32Array(0);
  /** Where it was shown when its newest fix came, and when that was on the clock that `apply` was given. */
  fromEastM = new Float32Array(0);
  fromNorthM = new Float32Array(0);
  movedAtMs = new Float64Array(0);
  accuracyM = new Float32Array(0);
  /** The accuracy radius in the map's anchored metres, which are true metres at the anchor's latitude alone. */
  radiusM = new Float32Array(0);
  floor = new Int16Array(0);
  fixTimeMs = new Float64Array(0);
  lines: LiveLines = NO_LINES;
  /** Newest evaluated minute, or -1. */
  minute = -1;
  /** Grows whenever names are added or replaced. */
  namesRevision = 0;

  /** What east and north are counted from. */
  anchor: MapAnchor = { longitude: 0, latitude: 0 };
  /** 1 where a device was on the map before the snapshot that named it. */
  private wasShown = new Int16Array(0);
  private cosineOfAnchor = 1;
  private mercatorOfAnchor = 0;
  private readonly indexByName = new Map<string, number>();

  /** Forgets everything and takes the anchor of a feed's hello. */
  restart(anchor: MapAnchor): void {
    this.anchor = anchor;
    this.cosineOfAnchor = Math.cos(anchor.latitude * RADIANS);
    this.mercatorOfAnchor = Math.asinh(Math.tan(anchor.latitude * RADIANS));
    this.clear();
  }

  /** As {@link restart}, unless the anchor is the one there is. */
  takeAnchor(anchor: MapAnchor): void {
    const { longitude, latitude } = this.anchor;
    if (anchor.longitude !== longitude || anchor.latitude !== latitude) this.restart(anchor);
  }

  /** Forgets the lines alone: what is near whom is only known while the feed runs. */
  dropLines(): void {
    this.lines = NO_LINES;
  }

  /** The index of a device, or -1. */
  indexOf(name: string): number {
    return this.indexByName.get(name) ?? -1;
  }

  /**
   * Takes in a frame.
   * @param nowMs the clock by which movement is shown; any clock that only grows
   */
  apply(frame: LiveFrame, nowMs: number): void {
    const before = frame.snapshot ? this.placesByName(frame, nowMs) : null;
    if (frame.snapshot) this.clear();
    this.addNames(frame.firstName, frame.names);
    if (before !== null) this.putBack(before);
    this.addFixes(frame.fixes, frame.timeMs, nowMs);
    if (frame.lines !== null) this.lines = frame.lines;
    this.minute = frame.minute;
  }

  /** A device's place on the globe. */
  placeOf(index: number): { longitude: number; latitude: number } {
    return fromAnchored(this.anchor, this.eastM[index]!, this.northM[index]!);
  }

  private clear(): void {
    this.names = [];
    this.count = 0;
    this.fixTimeMs.fill(0);
    this.wasShown.fill(0);
    this.indexByName.clear();
    this.lines = NO_LINES;
    this.minute = -1;
    this.namesRevision++;
  }

  /** Where the devices of a snapshot are shown now, so that they go on from there. */
  private placesByName(frame: LiveFrame, nowMs: number): Place[] {
    const places: Place[] = [];
    frame.names.forEach((name, index) => {
      const device = this.indexOf(name);
      if (device < 0 || this.fixTimeMs[device] === 0) return;
      const progress = glideProgress(nowMs - this.movedAtMs[device]!);
      places.push({
        index,
        eastM: mix(this.fromEastM[device]!, this.eastM[device]!, progress),
        northM: mix(this.fromNorthM[device]!, this.northM[device]!, progress),
        floor: this.floor[device]!,
      });
    });
    return places;
  }

  private putBack(places: readonly Place[]): void {
    for (const { index, eastM, northM, floor } of places) {
      this.eastM[index] = eastM;
      this.northM[index] = northM;
      this.fromEastM[index] = eastM;
      this.fromNorthM[index] = northM;
      this.movedAtMs[index] = 0;
      this.floor[index] = floor;
      this.wasShown[index] = 1;
    }
  }

  private addNames(first: number, names: readonly string[]): void {
    if (names.length === 0) return;
    this.reserve(first + names.length);
    names.forEach((name, offset) => {
      this.names[first + offset] = name;
      this.indexByName.set(name, first + offset);
    });
    this.count = Math.max(this.count, first + names.length);
    this.namesRevision++;
  }

  private addFixes(fixes: LiveFixes, frameTimeMs: number, nowMs: number): void {
    for (let i = 0; i < fixes.count; i++) {
      const device = fixes.device[i]!;
      if (device >= this.count) continue;
      this.beginGlide(device, fixes.eastM[i]!, fixes.northM[i]!, fixes.floor[i]!, nowMs);
      this.accuracyM[device] = fixes.accuracyCm[i]! / 100;
      this.radiusM[device] = this.accuracyM[device]! * this.stretchAt(fixes.northM[i]!);
      this.floor[device] = fixes.floor[i]!;
      this.fixTimeMs[device] = frameTimeMs - fixes.ageDs[i]! * 100;
    }
  }

  private beginGlide(device: number, eastM: number, northM: number, floor: number, nowMs: number): void {
    const known = (this.fixTimeMs[device]! > 0 || this.wasShown[device] === 1) && this.floor[device] === floor;
    const progress = glideProgress(nowMs - this.movedAtMs[device]!);
    const shownEastM = mix(this.fromEastM[device]!, this.eastM[device]!, progress);
    const shownNorthM = mix(this.fromNorthM[device]!, this.northM[device]!, progress);
    const byEastM = eastM - shownEastM;
    const byNorthM = northM - shownNorthM;
    const glides = known && byEastM * byEastM + byNorthM * byNorthM <= LONGEST_GLIDE_M * LONGEST_GLIDE_M;
    this.fromEastM[device] = glides ? shownEastM : eastM;
    this.fromNorthM[device] = glides ? shownNorthM : northM;
    this.eastM[device] = eastM;
    this.northM[device] = northM;
    this.movedAtMs[device] = nowMs;
  }

  /** Anchored metres in a true metre, so far north of the anchor: Mercator grows with 1 / cos(latitude), its cosh. */
  private stretchAt(northM: number): number {
    return this.cosineOfAnchor * Math.cosh(this.mercatorOfAnchor + northM / (EARTH_RADIUS_M * this.cosineOfAnchor));
  }

  private reserve(size: number): void {
    if (size <= this.eastM.length) return;
    const room = Math.max(1_024, 2 ** Math.ceil(Math.log2(size)));
    for (const name of FLOAT_COLUMNS) this[name] = grown(this[name], new Float32Array(room));
    this.movedAtMs = grown(this.movedAtMs, new Float64Array(room));
    this.fixTimeMs = grown(this.fixTimeMs, new Float64Array(room));
    this.floor = grown(this.floor, new Int16Array(room));
    this.wasShown = grown(this.wasShown, new Int16Array(room));
  }
}

interface Place {
  readonly index: number;
  readonly eastM: number;
  readonly northM: number;
  readonly floor: number;
}

const FLOAT_COLUMNS = ["eastM", "northM", "fromEastM", "fromNorthM", "accuracyM", "radiusM"] as const;

function mix(from: number, to: number, progress: number): number {
  return from + (to - from) * progress;
}

function grown<Column extends Float32Array | Float64Array | Int16Array>(from: Column, to: Column): Column {
  to.set(from as never);
  return to;
}
