/** npm passes a terminal's Ctrl-C on to a script that the terminal has already told: two that are this near are one. */
const SAME_SIGNAL_MS = 700;
const PARENT_PROBE_MS = 250;

/**
 * Waits for Ctrl-C, SIGTERM, the terminal's end or, where npm started this process, npm's end.
 * @param {() => void} kill called at the second signal, before the process exits
 * @returns {Promise<"stop">}
 */
export function untilToldToStop(kill) {
  return new Promise((resolve) => {
    let firstMs = Number.POSITIVE_INFINITY;
    const onSignal = () => {
      const nowMs = performance.now();
      if (nowMs - firstMs > SAME_SIGNAL_MS) {
        console.log("Killed.");
        kill();
        process.exit(1);
      }
      firstMs = Math.min(firstMs, nowMs);
      resolve("stop");
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, onSignal);
    if (process.env.npm_lifecycle_event) onParentsEnd(() => resolve("stop"));
    // Whoever reads the lines may go away; that must not end what runs.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  });
}

/**
 * npm that is killed tells nobody: what it started has another parent from then on.
 * @param {() => void} action
 */
function onParentsEnd(action) {
  const parent = process.ppid;
  const probe = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(probe);
    action();
  }, PARENT_PROBE_MS);
  probe.unref();
}
