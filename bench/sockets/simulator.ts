import { spawn } from "node:child_process";
import { once } from "node:events";

/** What a simulator's summary says of its run. */
export interface Summary {
  readonly fixes: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly answer_ms: { readonly p50: number; readonly p95: number; readonly p99: number };
  readonly busy: number;
  readonly unknown: number;
  readonly reconnects: number;
}

export interface SimulatorRun {
  /** The project's folder. */
  readonly root: string;
  readonly operatorToken: string;
  /** By the names that `npm run simulate` has for them. */
  readonly options: Readonly<Record<string, string | number>>;
  /** Whether it shows how it goes. */
  readonly tells: boolean;
}

/** Runs a simulator with a socket per device to its end. @throws where it ends without a summary */
export async function simulate({ root, operatorToken, options, tells }: SimulatorRun): Promise<Summary> {
  const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]);
  const program = ["simulator/dist/simulate.js", "--socket-per-device", "--summary", "-", ...given];
  const child = spawn(process.execPath, program, {
    cwd: root,
    env: { ...process.env, OPERATOR_TOKEN: operatorToken },
    stdio: ["ignore", "pipe", tells ? "inherit" : "ignore"],
  });
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  let said = "";
  child.stdout.on("data", (bytes: Buffer) => {
    said += bytes.toString();
  });
  await once(child, "close");
  process.off("exit", end);
  if (said === "") throw new Error(`a simulator ended with ${child.exitCode} and no summary`);
  return JSON.parse(said) as Summary;
}
