import type { Duplex } from "node:stream";

/** How long a client may take to read why it was refused, and to go, ms. */
const GRACE_MS = 5_000;

/** Says a last word on a connection and ends it, also where the client leaves its own half open. */
export function endWith(socket: Duplex, text: string): void {
  socket.end(text);
  // Read on, or the client's end would never be seen; what still comes is dropped.
  socket.resume();
  const cut = setTimeout(() => socket.destroy(), GRACE_MS);
  cut.unref();
  socket.once("close", () => clearTimeout(cut));
}
