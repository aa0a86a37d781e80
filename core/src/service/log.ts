import { type Logger, pino } from "pino";

export type { Logger } from "pino";

/** A service's log: JSON lines on stderr, without personal data. */
export function createLog(service: string, level: string): Logger {
  return pino({ level, base: { service, pid: process.pid } }, pino.destination(2));
}
