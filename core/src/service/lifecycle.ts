import { StartError } from "./environment.ts";

/** Something running that can be asked to end in good order. */
export interface Running {
  stop(): Promise<void>;
}

/** How long a service may take to end before it is ended, ms. */
const STOP_TIMEOUT_MS = 10_000;

/**
 * Runs a service until SIGTERM or SIGINT. A {@link StartError} is one line on stderr and exit code 1; any other
 * failure shows its stack.
 */
export async function runUntilSignal(name: string, start: () => Promise<Running>): Promise<void> {
  let running: Running;
  try {
    running = await start();
  } catch (error) {
    process.stderr.write(`${name}: ${describe(error)}\n`);
    process.exit(1);
  }
  process.on("unhandledRejection", (reason) => {
    process.stderr.write(`${name}: unhandled rejection: ${reason instanceof Error ? reason.stack : reason}\n`);
    process.exit(1);
  });
  const stop = () => void stopWithin(name, running);
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

async function stopWithin(name: string, running: Running): Promise<void> {
  const timer = setTimeout(() => {
    process.stderr.write(`${name}: did not stop within ${STOP_TIMEOUT_MS} ms\n`);
    process.exit(1);
  }, STOP_TIMEOUT_MS);
  await running.stop();
  clearTimeout(timer);
  process.exit(0);
}

function describe(error: unknown): string {
  if (error instanceof StartError) return error.message;
  if (isListenError(error)) {
    return `${error.address}:${error.port} cannot be listened on (${error.code}): stop what uses it or choose another port`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function isListenError(error: unknown): error is Error & { code: string; address: string; port: number } {
  return error instanceof Error && "syscall" in error && error.syscall === "listen" && "port" in error;
}
