import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { Trouble } from "../trouble.mjs";
import { WarningOutlet } from "./last-words.mjs";
import { recordProcess } from "./left-overs.mjs";
import { LogFile } from "./log-file.mjs";

/**
 * @typedef {object} Program
 * @property {string} name
 * @property {string} command
 * @property {string[]} args
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {(line: string, fromStderr: boolean) => import("./last-words.mjs").Said} read what its lines say
 * @property {(line: string) => boolean} [saysReady] whether this line says that it is up
 * @property {() => Promise<boolean>} [answersReady] asked until it says that it is up
 * @property {() => Promise<string | undefined>} [whyNotAgain] asked when it has ended: words for not starting it again
 */

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
/** A program that was up this long has recovered: its next end is its first again. */
const RECOVERED_MS = 60_000;
const PROBE_MS = 100;
/** An error this long before the end has nothing to do with it. */
const LAST_WORDS_MS = 2_000;
const STILL_WAITING_MS = 15_000;

/**
 * One program that is kept running: before it is up for the first time its end is an error, later it is started again,
 * each time after a longer wait. Its output goes to a log, its warnings to the person who started it all.
 */
export class Supervised {
  /**
   * @param {Program} program
   * @param {import("./data-dir.mjs").DataDir} dataDir
   * @param {(line: string) => void} say
   */
  constructor(program, dataDir, say) {
    this.program = program;
    this.dataDir = dataDir;
    this.say = say;
    this.logFile = path.join(dataDir.logs, `${program.name}.log`);
    this.#log = new LogFile(this.logFile);
    this.#warnings = new WarningOutlet(say);
  }

  #log;
  #warnings;
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #child;
  /** @type {Promise<string>} how the running process ended */
  #ended = Promise.resolve("");
  #stopping = new AbortController();
  #isUp = false;
  #wasUp = false;
  #upSinceMs = 0;
  #delayMs = FIRST_DELAY_MS;
  #lastError = { text: "", atMs: 0 };

  /**
   * Starts the program and waits until it is up.
   * @throws {Trouble} if it ends before that, with its own last words
   */
  async start() {
    this.#spawn();
    const ended = await this.#untilUp();
    if (this.#stopping.signal.aborted) return;
    if (ended !== undefined) {
      const why = this.#lastWords() || `${ended} before it was up: see ${this.logFile}.`;
      throw new Trouble(why.startsWith(this.program.name) ? why : `${this.program.name}: ${why}`);
    }
    void this.#keepUp();
  }

  /**
   * Asks the program to end, waits, and ends it if it does not.
   * @param {number} patienceMs
   */
  async stop(patienceMs) {
    this.#stopping.abort();
    const child = this.#child;
    if (!child) return;
    child.kill("SIGTERM");
    const ended = await Promise.race([this.#ended.then(() => true), wait(patienceMs, false, { ref: false })]);
    if (ended) return;
    this.say(`${this.program.name} did not end within ${patienceMs / 1000} s: it is killed.`);
    this.kill();
    await this.#ended;
  }

  /** Ends the program at once. */
  kill() {
    this.#stopping.abort();
    this.#child?.kill("SIGKILL");
  }

  #spawn() {
    const { command, args, cwd, env } = this.program;
    // A group of its own: Ctrl-C must reach this process alone, which then ends all in order.
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    this.#isUp = false;
    this.#lastError = { text: "", atMs: 0 };
    const forget = child.pid === undefined ? () => {} : recordProcess(this.dataDir.run, this.program.name, child.pid);
    this.#ended = howItEnds(child).then((how) => {
      forget();
      this.#child = undefined;
      return how;
    });
    createInterface({ input: child.stdout }).on("line", (line) => this.#hear(line, false));
    createInterface({ input: child.stderr }).on("line", (line) => this.#hear(line, true));
  }

  /**
   * @param {string} line
   * @param {boolean} fromStderr
   */
  #hear(line, fromStderr) {
    this.#log.write(line);
    if (this.program.saysReady?.(line)) this.#markUp();
    const said = this.program.read(line, fromStderr);
    if (said.isError) this.#lastError = { text: said.text, atMs: performance.now() };
    // What is said on the way up is shown only if it does not get there.
    if (said.isWarning && this.#isUp && !this.#stopping.signal.aborted) {
      this.#warnings.show(`${this.program.name}: ${said.text}`, this.logFile);
    }
  }

  /** @returns {Promise<string | undefined>} how it ended instead, or undefined once it is up */
  async #untilUp() {
    /** @type {string | undefined} */
    let how;
    void this.#ended.then((ended) => {
      how = ended;
    });
    const reminder = setInterval(() => {
      this.say(`Still waiting for ${this.program.name}: see ${this.logFile}.`);
    }, STILL_WAITING_MS);
    while (how === undefined && !this.#isUp) {
      if (await this.program.answersReady?.()) this.#markUp();
      else await wait(PROBE_MS);
    }
    clearInterval(reminder);
    if (!this.#isUp) return how;
    if (this.#wasUp) this.say(`${this.program.name} is up again.`);
    this.#wasUp = true;
    return undefined;
  }

  #markUp() {
    this.#isUp = true;
    this.#upSinceMs = performance.now();
    // What went wrong on the way up has been overcome.
    this.#lastError = { text: "", atMs: 0 };
  }

  /** Why it ended, if its last error came with its end. */
  #lastWords() {
    return performance.now() - this.#lastError.atMs < LAST_WORDS_MS ? this.#lastError.text : "";
  }

  async #keepUp() {
    while (!this.#stopping.signal.aborted) {
      const how = await this.#ended;
      if (this.#stopping.signal.aborted) return;
      if (this.#isUp && performance.now() - this.#upSinceMs > RECOVERED_MS) this.#delayMs = FIRST_DELAY_MS;
      const why = this.#lastWords();
      const name = this.program.name;
      const notAgain = await this.program.whyNotAgain?.().catch(() => undefined);
      if (notAgain !== undefined) {
        this.say(notAgain);
        return;
      }
      this.say(`${name} ${how}${why && `: ${why}`}; starting it again in ${this.#delayMs / 1000} s.`);
      await wait(this.#delayMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
      this.#delayMs = Math.min(this.#delayMs * 2, LONGEST_DELAY_MS);
      if (this.#stopping.signal.aborted) return;
      this.#spawn();
      await this.#untilUp();
    }
  }
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<string>} such as "ended (exit code 1)"
 */
function howItEnds(child) {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(`could not be started (${error.message})`));
    child.once("exit", (code, signal) => {
      const how = signal ? `was ended by ${signal}` : `ended (exit code ${code})`;
      // Its last lines may still be in the pipe; a fork that holds the pipe open must not delay the restart.
      const done = () => resolve(how);
      child.once("close", done);
      setTimeout(done, 500).unref();
    });
  });
}
