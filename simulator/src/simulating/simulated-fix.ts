/** A fix as a simulated device sends it, and the truth behind it. */
export interface SimulatedFix {
  /** The device's number in the fleet. */
  readonly device: number;
  /** When it was measured, simulated ms since the Unix epoch. */
  readonly fixTimeMs: number;
  /** When it ought to be sent, real ms since the Unix epoch. */
  readonly dueMs: number;
  readonly longitude: number;
  readonly latitude: number;
  readonly floor: number;
  readonly accuracyM: number;
  readonly trueLongitude: number;
  readonly trueLatitude: number;
}
