import { once } from "node:events";
import type { WireFix } from "@encounter/core/wire/fix";
import { WebSocket } from "ws";

/** What the door said of the fixes of a run; a frame sent again counts as it was answered at last. */
export interface SendOutcome {
  readonly counts: Record<string, number>;
  readonly resends: number;
}

/** What the door says to a frame. */
export interface Reply {
  readonly batch: string | null;
  readonly counts?: Record<string, number>;
  readonly error?: { code: string; retry_after_ms?: number };
}

/**
 * Sends fixes in their order, a frame at a time, over one socket: a frame that is not acknowledged (busy, unknown, a
 * lost socket) is sent again before the next, so the order of arrival is the order given, whatever is killed.
 * @param url where to connect, asked anew at every connection
 */
export async function sendInOrder(
  url: () => string,
  key: string,
  fixes: readonly WireFix[],
  frameSize: number,
  onFrame: (sent: number) => Promise<void> | void = () => {},
): Promise<SendOutcome> {
  const outcome = { counts: {} as Record<string, number>, resends: 0 };
  let socket: WebSocket | null = null;
  for (let at = 0; at < fixes.length; ) {
    const frame = fixes.slice(at, at + frameSize);
    const reply: Reply | null = await ask(
      async () => {
        socket ??= await connect(url(), key);
        return socket;
      },
      { batch: String(at), positions: frame },
    );
    if (reply === null || reply.error !== undefined) {
      if (reply === null) socket = null;
      outcome.resends += 1;
      await pause(reply?.error?.retry_after_ms === undefined ? 50 : 100);
      continue;
    }
    tally(outcome.counts, reply, frame.length);
    at += frame.length;
    await onFrame(at);
  }
  (socket as WebSocket | null)?.close();
  return outcome;
}

/** Adds a reply's counts. @throws where they are not of as many fixes as its frame held */
export function tally(counts: Record<string, number>, reply: Reply, length: number): void {
  let sum = 0;
  for (const [name, count] of Object.entries(reply.counts ?? {})) {
    counts[name] = (counts[name] ?? 0) + count;
    sum += count;
  }
  if (sum !== length) throw new Error(`the counts of a reply add up to ${sum}, its frame holds ${length}`);
}

/** Opens a device's socket. */
export async function connect(url: string, key: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/v1/positions`, {
    headers: { authorization: `Bearer ${key}` },
  });
  await once(socket, "open");
  socket.on("error", () => {});
  return socket;
}

/** One frame's reply, or null where the socket was lost before it came. */
async function ask(socketOf: () => Promise<WebSocket>, frame: object): Promise<Reply | null> {
  let socket: WebSocket;
  try {
    socket = await socketOf();
  } catch {
    return null;
  }
  if (socket.readyState !== WebSocket.OPEN) return null;
  return new Promise((resolve) => {
    const lost = () => resolve(null);
    socket.once("close", lost);
    socket.once("message", (data) => {
      socket.off("close", lost);
      resolve(JSON.parse(data.toString()) as Reply);
    });
    socket.send(JSON.stringify(frame));
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
