/** What a program's lines say to a person: its warnings as they come, and why it ended. */

/** pino's number for a warning; greater is worse. */
const WARN = 40;
const ERROR = 50;

/**
 * @typedef {object} Said
 * @property {string} text
 * @property {boolean} isWarning whether a person should see it at once
 * @property {boolean} isError whether it may tell why the program ended
 */

/**
 * Reads one line of a service: JSON from its logger, or a plain line, which on stderr is meant for a person.
 * @param {string} line
 * @param {boolean} fromStderr
 * @returns {Said}
 */
export function readServiceLine(line, fromStderr) {
  const entry = parseEntry(line);
  if (!entry) return { text: line, isWarning: fromStderr && line !== "", isError: fromStderr && line !== "" };
  const cause = entry.err?.message ?? entry.reason;
  const text = cause && !entry.msg.includes(cause) ? `${entry.msg}: ${cause}` : entry.msg;
  return { text, isWarning: entry.level >= WARN, isError: entry.level >= ERROR };
}

/**
 * @param {string} line
 * @returns {{ level: number, msg: string, reason?: string, err?: { message?: string } } | undefined}
 */
function parseEntry(line) {
  if (!line.startsWith("{")) return undefined;
  try {
    const entry = JSON.parse(line);
    return typeof entry.level === "number" && typeof entry.msg === "string" ? entry : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads one line of Redis: `pid:role date level message`, where the level `#` is a warning. What it prints before it
 * can log is an error in its configuration.
 * @param {string} line
 * @returns {Said}
 */
export function readRedisLine(line) {
  const [, level, text] = /^\d+:[A-Z] .{20,30} ([.*#-]) (.*)$/.exec(line) ?? [];
  if (text === undefined) return { text: line, isWarning: false, isError: /\S/.test(line) };
  // Advice on the system's settings, given at every start, is for the log.
  const matters = level === "#" && !text.startsWith("WARNING");
  return { text, isWarning: matters, isError: matters };
}

/** Shows warnings, but no flood of them. */
export class WarningOutlet {
  /**
   * @param {(line: string) => void} say
   * @param {number} [mostPerWindow]
   * @param {number} [windowMs]
   */
  constructor(say, mostPerWindow = 5, windowMs = 10_000) {
    this.say = say;
    this.mostPerWindow = mostPerWindow;
    this.windowMs = windowMs;
  }

  #windowStart = Number.NEGATIVE_INFINITY;
  #shown = 0;

  /**
   * @param {string} line
   * @param {string} logFile where the rest can be read
   * @param {number} [nowMs]
   */
  show(line, logFile, nowMs = performance.now()) {
    if (nowMs - this.#windowStart >= this.windowMs) {
      this.#windowStart = nowMs;
      this.#shown = 0;
    }
    this.#shown += 1;
    if (this.#shown <= this.mostPerWindow) this.say(line);
    if (this.#shown === this.mostPerWindow + 1) this.say(`More such lines are in ${logFile}.`);
  }
}
