import type { DeviceColumns } from "./device-columns.ts";
import type { LineDevices } from "./line-tracker.ts";

/** Which number means which device of the columns. Numbers that were asked for in vain are remembered. */
export class DeviceNumbers implements LineDevices {
  private readonly columns: DeviceColumns;
  private readonly indices = new Map<number, number>();
  private unknown = new Set<number>();

  constructor(columns: DeviceColumns) {
    this.columns = columns;
  }

  knows(deviceNumber: number): boolean {
    return this.indices.has(deviceNumber);
  }

  /** Learns a device's number, where the columns have the device; returns whether they have. */
  learn(deviceNumber: number, deviceId: string): boolean {
    const index = this.columns.indexOf(deviceId);
    if (index < 0) return false;
    this.indices.set(deviceNumber, index);
    return true;
  }

  indexOf(deviceNumber: number): number {
    const index = this.indices.get(deviceNumber);
    if (index !== undefined) return index;
    this.unknown.add(deviceNumber);
    return -1;
  }

  isPresent(index: number): boolean {
    return this.columns.isPresent(index);
  }

  /** The numbers asked for in vain since this was last asked. */
  takeUnknown(): ReadonlySet<number> {
    const taken = this.unknown;
    this.unknown = new Set();
    return taken;
  }
}
