import type { Fix } from "@encounter/core/domain/fix";
import { type LiveFixes, type MapAnchor, NO_FIXES, toAnchored } from "@encounter/core/wire/live";

const ACCURACY_CM_MAX = 0xffff;
const AGE_DS_MAX = 0x7fff;
const CAPACITY_MIN = 256;

/**
 * The newest fix of each device of a venue, as columns by an index that a device keeps for good. A device that is
 * forgotten keeps its index and name, so that it may come back; many of those are a reason to begin anew.
 */
export class DeviceColumns {
  /** Where the columns' metres are counted from: the given anchor, or the first fix. */
  anchor: MapAnchor | null;
  /** Device ids by index. */
  readonly names: string[] = [];
  /** How many devices have a fix. */
  present = 0;
  private readonly indexById = new Map<string, number>();
  private eastM = new Float32Array(CAPACITY_MIN);
  private northM = new Float32Array(CAPACITY_MIN);
  private accuracyCm = new Uint16Array(CAPACITY_MIN);
  private floor = new Int16Array(CAPACITY_MIN);
  /** 0 where a device has no fix, or none that is remembered. */
  private fixTimeMs = new Float64Array(CAPACITY_MIN);
  private isChanged = new Uint8Array(CAPACITY_MIN);
  private changed: number[] = [];

  constructor(anchor: MapAnchor | null) {
    this.anchor = anchor;
  }

  /** How many indices are given out to devices that are forgotten. */
  get gone(): number {
    return this.names.length - this.present;
  }

  /** The index of a device, or -1 where it never had one. */
  indexOf(deviceId: string): number {
    return this.indexById.get(deviceId) ?? -1;
  }

  /** Whether the device of an index has a fix. */
  isPresent(index: number): boolean {
    return (this.fixTimeMs[index] ?? 0) > 0;
  }

  /** Takes in a fix; only a device's newest by fix time stays. */
  put(fix: Fix): void {
    const index = this.indexById.get(fix.deviceId) ?? this.register(fix.deviceId);
    const known = this.fixTimeMs[index] as number;
    if (fix.fixTimeMs <= known) return;
    if (known === 0) this.present++;
    this.anchor ??= { longitude: fix.longitude, latitude: fix.latitude };
    const { eastM, northM } = toAnchored(this.anchor, fix.longitude, fix.latitude);
    this.eastM[index] = eastM;
    this.northM[index] = northM;
    this.accuracyCm[index] = Math.min(ACCURACY_CM_MAX, Math.round(fix.accuracyM * 100));
    this.floor[index] = fix.floor;
    this.fixTimeMs[index] = fix.fixTimeMs;
    this.markChanged(index);
  }

  private register(deviceId: string): number {
    const index = this.names.length;
    if (index === this.fixTimeMs.length) this.grow(index * 2);
    this.names.push(deviceId);
    this.indexById.set(deviceId, index);
    return index;
  }

  private markChanged(index: number): void {
    if (this.isChanged[index] === 1) return;
    this.isChanged[index] = 1;
    this.changed.push(index);
  }

  /** Forgets the fixes before a time. */
  forgetBefore(timeMs: number): void {
    for (let index = 0; index < this.names.length; index++) {
      const fixTimeMs = this.fixTimeMs[index] as number;
      if (fixTimeMs === 0 || fixTimeMs >= timeMs) continue;
      this.fixTimeMs[index] = 0;
      this.present--;
    }
  }

  /** How many devices have a fix after a time. */
  countSince(timeMs: number): number {
    let count = 0;
    for (let index = 0; index < this.names.length; index++) if ((this.fixTimeMs[index] as number) > timeMs) count++;
    return count;
  }

  /** Every device's fix, for a frame made at a time. */
  all(frameTimeMs: number): LiveFixes {
    const indices = new Uint32Array(this.present);
    let count = 0;
    for (let index = 0; index < this.names.length; index++) if (this.isPresent(index)) indices[count++] = index;
    return this.gather(indices, frameTimeMs);
  }

  /** The fixes that changed since this was last asked, for a frame made at a time. */
  takeChanges(frameTimeMs: number): LiveFixes {
    if (this.changed.length === 0) return NO_FIXES;
    const indices = Uint32Array.from(this.changed.filter((index) => this.isPresent(index)));
    for (const index of this.changed) this.isChanged[index] = 0;
    this.changed = [];
    return this.gather(indices, frameTimeMs);
  }

  private gather(device: Uint32Array, frameTimeMs: number): LiveFixes {
    const count = device.length;
    const eastM = new Float32Array(count);
    const northM = new Float32Array(count);
    const accuracyCm = new Uint16Array(count);
    const ageDs = new Int16Array(count);
    const floor = new Int16Array(count);
    for (let at = 0; at < count; at++) {
      const index = device[at] as number;
      eastM[at] = this.eastM[index] as number;
      northM[at] = this.northM[index] as number;
      accuracyCm[at] = this.accuracyCm[index] as number;
      ageDs[at] = clippedAgeDs(frameTimeMs - (this.fixTimeMs[index] as number));
      floor[at] = this.floor[index] as number;
    }
    return { count, device, eastM, northM, accuracyCm, ageDs, floor };
  }

  private grow(capacity: number): void {
    this.eastM = grown(this.eastM, new Float32Array(capacity));
    this.northM = grown(this.northM, new Float32Array(capacity));
    this.accuracyCm = grown(this.accuracyCm, new Uint16Array(capacity));
    this.floor = grown(this.floor, new Int16Array(capacity));
    this.fixTimeMs = grown(this.fixTimeMs, new Float64Array(capacity));
    this.isChanged = grown(this.isChanged, new Uint8Array(capacity));
  }
}

function clippedAgeDs(ageMs: number): number {
  return Math.max(-AGE_DS_MAX, Math.min(AGE_DS_MAX, Math.round(ageMs / 100)));
}

function grown<Column extends Float32Array | Float64Array | Uint16Array | Int16Array | Uint8Array>(
  from: Column,
  to: Column,
): Column {
  to.set(from);
  return to;
}
