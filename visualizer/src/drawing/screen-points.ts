import type { DrawingView } from "../engine/engine.ts";

/** Points on the screen, CSS pixels from its bottom left, y upwards. */
export interface ScreenPoints {
  readonly count: number;
  readonly xPx: Float32Array;
  readonly yPx: Float32Array;
}

/** The part of a {@link DrawingView} that says how large the screen is. */
export type Screen = Pick<DrawingView, "widthPx" | "heightPx">;

/** What two cameras have in common that show the same: they are the same text. */
export function cameraKey(screen: Screen, toClip: Float32Array): string {
  return `${toClip[0]} ${toClip[1]} ${toClip[12]} ${toClip[13]} ${screen.widthPx} ${screen.heightPx}`;
}

/**
 * Where devices are on the screen.
 * @param devices the device texels, eight numbers a slot
 */
export function projected(devices: Float32Array, count: number, screen: Screen, toClip: Float32Array): ScreenPoints {
  const points = { count, xPx: new Float32Array(count), yPx: new Float32Array(count) };
  for (let slot = 0; slot < count; slot++) {
    const { xPx, yPx } = onScreen(devices[slot * 8 + 2]!, devices[slot * 8 + 3]!, screen, toClip);
    points.xPx[slot] = xPx;
    points.yPx[slot] = yPx;
  }
  return points;
}

/** Where a place is on the screen. */
export function onScreen(
  eastM: number,
  northM: number,
  screen: Screen,
  toClip: Float32Array,
): { xPx: number; yPx: number } {
  const w = toClip[3]! * eastM + toClip[7]! * northM + toClip[15]!;
  const x = (toClip[0]! * eastM + toClip[4]! * northM + toClip[12]!) / w;
  const y = (toClip[1]! * eastM + toClip[5]! * northM + toClip[13]!) / w;
  return { xPx: ((x + 1) / 2) * screen.widthPx, yPx: ((y + 1) / 2) * screen.heightPx };
}
