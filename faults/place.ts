import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

/** The project's folder. The harness runs as one bundle, two folders below it. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * A free port of 127.0.0.1 below those that the system gives to outgoing connections: what listens there is killed
 * and started again, and meanwhile nobody's attempt to reach it may be given that port as its own.
 */
export async function quietPort(): Promise<number> {
  for (;;) {
    const port = randomInt(16_000, 32_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}
