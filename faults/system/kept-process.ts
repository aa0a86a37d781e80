import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";

export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Record<string, string>;
  /** A part of the line that says it is ready. */
  readonly readyLine: string;
}

/** What is started again is started after this long, as `npm start` does it the first time. */
const RESTART_DELAY_MS = 500;
const READY_TIMEOUT_MS = 60_000;
const LOG_LENGTH_MAX = 400_000;

const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** A program that is started again whenever it ends by itself, until it is told to end. */
export class KeptProcess {
  private readonly program: Program;
  private child: ChildProcess | null = null;
  private isWanted = false;
  private isReady = false;
  private readyWaiters: (() => void)[] = [];
  /** What it printed, the end of it. */
  log = "";
  /** How often it ended without having been told to. */
  unexpectedEnds = 0;

  constructor(program: Program) {
    this.program = program;
  }

  get name(): string {
    return this.program.name;
  }

  get isRunning(): boolean {
    return this.isReady;
  }

  get pid(): number {
    if (this.child?.pid === undefined) throw new Error(`${this.name} does not run`);
    return this.child.pid;
  }

  /** Starts it and waits until it is ready. @throws where it is not in time, with what it said */
  async start(): Promise<void> {
    this.isWanted = true;
    if (this.child === null) this.spawn();
    await this.ready();
  }

  /** Waits until it is ready, through as many starts as that takes. */
  async ready(): Promise<void> {
    if (this.isReady) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`${this.name} was not ready within ${READY_TIMEOUT_MS} ms:\n${this.log.slice(-2_000)}`));
      }, READY_TIMEOUT_MS);
      this.readyWaiters.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  signal(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  /** Ends it with a signal and leaves it ended. @returns its exit code, null where the signal ended it */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.isWanted = false;
    const child = this.child;
    if (child === null) return null;
    const ended = once(child, "exit");
    child.kill(signal);
    const [code] = await ended;
    return code as number | null;
  }

  /** kill -9, and started again as whoever looks after it would. Resolves once it is ready again. */
  async killAndRestart(): Promise<void> {
    await this.end("SIGKILL");
    await pause(RESTART_DELAY_MS);
    await this.start();
  }

  private spawn(): void {
    const { command, args, cwd, env } = this.program;
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    running.add(child);
    let said = "";
    const hear = (bytes: Buffer) => {
      this.log = (this.log + bytes.toString()).slice(-LOG_LENGTH_MAX);
      if (this.isReady || this.child !== child) return;
      said = (said + bytes.toString()).slice(-LOG_LENGTH_MAX);
      if (said.includes(this.program.readyLine)) this.becomeReady();
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("error", (error) => {
      this.log += `${error.message}\n`;
    });
    child.once("exit", () => void this.ended(child));
  }

  private becomeReady(): void {
    this.isReady = true;
    for (const resolve of this.readyWaiters.splice(0)) resolve();
  }

  private async ended(child: ChildProcess): Promise<void> {
    running.delete(child);
    this.child = null;
    this.isReady = false;
    if (!this.isWanted) return;
    this.unexpectedEnds += 1;
    await pause(RESTART_DELAY_MS);
    if (this.isWanted && this.child === null) this.spawn();
  }
}
