import type { DeviceTable } from "./device-table.ts";
import { type FloorView, isNear, type Thresholds } from "./floor-view.ts";

/** Somebody a device is near to now. */
export interface Partner {
  readonly device: number;
  readonly minutes: number;
  readonly gapDm: number;
  readonly contact: boolean;
  readonly certain: boolean;
}

/** Whom a device is near to now, on whatever floor, the longest first. */
export function partnersOf(table: DeviceTable, view: FloorView, device: number, thresholds: Thresholds): Partner[] {
  const { lines } = table;
  const partners: Partner[] = [];
  for (let line = 0; line < lines.count; line++) {
    const a = lines.a[line]!;
    const b = lines.b[line]!;
    if (a !== device && b !== device) continue;
    const other = a === device ? b : a;
    if (!view.isPresent(other) || !isNear(lines, line, thresholds)) continue;
    const minutes = lines.minutes[line]!;
    partners.push({
      device: other,
      minutes,
      gapDm: lines.gapDm[line]!,
      contact: minutes >= thresholds.minMinutes,
      certain: lines.reachDm[line]! <= thresholds.proximityDm,
    });
  }
  return partners.sort((a, b) => b.minutes - a.minutes);
}
