/** What came of listening for interrupts. */
export interface Interrupts {
  isInterrupted(): boolean;
  /** Stops listening: from then on an interrupt ends the program as usual. */
  ignore(): void;
}

/** On the first SIGINT or SIGTERM calls `stop`, which should end things in order; the second ends the program at once. */
export function onInterrupt(stop: () => void): Interrupts {
  let interrupted = false;
  const interrupt = () => {
    if (interrupted) process.exit(130);
    interrupted = true;
    stop();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return {
    isInterrupted: () => interrupted,
    ignore: () => {
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", interrupt);
    },
  };
}
