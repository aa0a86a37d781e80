import { readFileSync } from "node:fs";

/**
 * Loaded before a service: on SIGUSR2 it reads what its clock is to say and whether its event loop is to stand still.
 * The product knows nothing of it.
 */
export interface Control {
  /** How far the clock is from the machine's, ms. */
  readonly clockOffsetMs?: number;
  /** For how long nothing runs, ms. */
  readonly blockMs?: number;
}

const file = process.env.FAULTS_CONTROL_FILE ?? "";
const machineNow = Date.now;
let offsetMs = 0;

Date.now = () => machineNow() + offsetMs;
globalThis.Date = new Proxy(Date, {
  construct(target, given: [], newTarget) {
    const isNow = (given as unknown[]).length === 0;
    return Reflect.construct(target, isNow ? [target.now()] : given, newTarget) as Date;
  },
});

process.on("SIGUSR2", () => {
  const { clockOffsetMs = 0, blockMs = 0 } = JSON.parse(readFileSync(file, "utf8")) as Control;
  offsetMs = clockOffsetMs;
  process.stderr.write(`faults: clock ${clockOffsetMs} ms, blocked ${blockMs} ms\n`);
  if (blockMs > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, blockMs);
});
