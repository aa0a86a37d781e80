import { metresPerDegreeEast, metresPerDegreeNorth } from "@encounter/core/domain/geodesy";
import type { WireFix } from "@encounter/core/wire/fix";
import { seededRandom } from "../crowd.ts";

const CORNER = { longitude: 9.0021, latitude: 47.3007 };
const COLUMNS = 100;
const ROWS_APART_M = 14;
const COLUMNS_APART_M = 4.6;
const SWAY_M = 0.1;
const ACCURACY_M = 0.2;

/**
 * Devices in rows of a hundred, each near to the next, and the last of a row to the two before it: as many pairs within
 * 5 m as there are devices. They sway too little to change that.
 */
export class MovingGrid {
  readonly devices: number;
  private readonly venueId: string;
  private readonly random: () => number;

  constructor(venueId: string, devices: number, seed: number) {
    this.venueId = venueId;
    this.devices = devices;
    this.random = seededRandom(seed);
  }

  /** Everybody's fix at a time. */
  fixes(timeMs: number): WireFix[] {
    return Array.from({ length: this.devices }, (_, device) => this.fix(device, timeMs));
  }

  /** A fix of somebody who stands apart from all. */
  strangersFix(stranger: number, timeMs: number): WireFix {
    return this.at(`stranger-${stranger}`, -50 - stranger * 12, 0, timeMs);
  }

  private fix(device: number, timeMs: number): WireFix {
    const column = device % COLUMNS;
    const eastM = (column === COLUMNS - 1 ? column - 1.5 : column) * COLUMNS_APART_M;
    const northM = Math.floor(device / COLUMNS) * ROWS_APART_M + (column === COLUMNS - 1 ? 2 : 0);
    return this.at(`device-${device}`, eastM + this.random() * SWAY_M, northM + this.random() * SWAY_M, timeMs);
  }

  private at(deviceId: string, eastM: number, northM: number, timeMs: number): WireFix {
    const longitude = CORNER.longitude + eastM / metresPerDegreeEast(CORNER.latitude);
    const latitude = CORNER.latitude + northM / metresPerDegreeNorth(CORNER.latitude);
    return {
      device_id: deviceId,
      venue_id: this.venueId,
      timestamp: timeMs,
      position: { longitude, latitude, floor: 0, accuracy: ACCURACY_M },
    };
  }
}
