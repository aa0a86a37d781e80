import type { LiveFrame, LiveLines } from "@encounter/core/wire/live";
import { decodeLiveFrame, encodeLiveFrame } from "@encounter/core/wire/live";

export interface FixOfDevice {
  readonly device: number;
  readonly eastM?: number;
  readonly northM?: number;
  readonly accuracyM?: number;
  readonly ageMs?: number;
  readonly floor?: number;
}

export interface LineOfPair {
  readonly a: number;
  readonly b: number;
  readonly minutes?: number;
  readonly reachM?: number;
}

export interface FrameContent {
  readonly snapshot?: boolean;
  readonly timeMs?: number;
  readonly firstName?: number;
  readonly names?: readonly string[];
  readonly fixes?: readonly FixOfDevice[];
  readonly lines?: readonly LineOfPair[];
}

function linesOf(lines: readonly LineOfPair[]): LiveLines {
  return {
    count: lines.length,
    a: Uint32Array.from(lines, ({ a }) => a),
    b: Uint32Array.from(lines, ({ b }) => b),
    minutes: Uint16Array.from(lines, ({ minutes = 1 }) => minutes),
    gapDm: new Int16Array(lines.length),
    reachDm: Uint16Array.from(lines, ({ reachM = 9 }) => Math.round(reachM * 10)),
  };
}

/** A frame as it goes over the wire. */
export function frameBytes(content: FrameContent): Uint8Array {
  const { snapshot = false, timeMs = 0, firstName = 0, names = [], fixes = [], lines } = content;
  return encodeLiveFrame({
    snapshot,
    timeMs,
    minute: Math.floor(timeMs / 60_000),
    proximityDm: 50,
    certain: false,
    firstName,
    names,
    fixes: {
      count: fixes.length,
      device: Uint32Array.from(fixes, ({ device }) => device),
      eastM: Float32Array.from(fixes, ({ eastM = 0 }) => eastM),
      northM: Float32Array.from(fixes, ({ northM = 0 }) => northM),
      accuracyCm: Uint16Array.from(fixes, ({ accuracyM = 1 }) => Math.round(accuracyM * 100)),
      ageDs: Int16Array.from(fixes, ({ ageMs = 0 }) => Math.round(ageMs / 100)),
      floor: Int16Array.from(fixes, ({ floor = 0 }) => floor),
    },
    lines: lines === undefined ? null : linesOf(lines),
  });
}

/** A frame that has gone over the wire. */
export function frameOf(content: FrameContent): LiveFrame {
  return decodeLiveFrame(frameBytes(content).slice().buffer);
}
