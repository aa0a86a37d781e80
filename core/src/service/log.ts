import { type Logger, pino } from "pino";

export type { Logger } from "pino";

/**
 * A service's log: JSON lines on stderr, without personal data.
 * @param destination where they go instead
 */
export function createLog(service: string, level: string, destination?: { write(line: string): void }): Logger {
  return pino({ level, base: { service, pid: process.pid } }, destination ?? pino.destination(2));
}
