import { once } from "node:events";
import type { WireFix } from "@encounter/core/wire/fix";
import type { WebSocket } from "ws";
import { connect, type Reply, tally } from "./sender.ts";

/** Frames on their way at once: no more than the door takes of one socket, and few enough fixes for its queue. */
const FRAMES_AHEAD_MAX = 64;
const FIXES_AHEAD_MAX = 10_000;

/**
 * Sends fixes in their order over one socket without waiting for each answer: the door stores and answers a socket's
 * frames in order. Much faster than a frame at a time, and for a system that is left in peace: a frame sent again
 * would come after its followers.
 * @param counts gains what the door says of them
 * @throws where a frame is not acknowledged, or is answered out of its turn
 */
export async function sendAhead(
  url: string,
  key: string,
  fixes: readonly WireFix[],
  frameSize: number,
  counts: Record<string, number>,
): Promise<void> {
  const framesAhead = Math.min(FRAMES_AHEAD_MAX, Math.ceil(FIXES_AHEAD_MAX / frameSize));
  const socket = await connect(url, key);
  await new Promise<void>((resolve, reject) => {
    let sent = 0;
    let answered = 0;
    const fill = () => {
      while (sent < fixes.length && sent - answered < framesAhead * frameSize) {
        socket.send(JSON.stringify({ batch: String(sent), positions: fixes.slice(sent, sent + frameSize) }));
        sent += frameSize;
      }
    };
    socket.on("close", (code) => reject(new Error(`the door closed the socket with ${code} after ${answered} fixes`)));
    socket.on("message", (data) => {
      try {
        tally(counts, acknowledgement(data.toString(), answered), Math.min(frameSize, fixes.length - answered));
      } catch (error) {
        reject(error);
        return;
      }
      answered += frameSize;
      if (answered >= fixes.length) resolve();
      else fill();
    });
    fill();
  }).finally(() => closed(socket));
}

function acknowledgement(text: string, at: number): Reply {
  const reply = JSON.parse(text) as Reply;
  if (reply.error !== undefined || reply.batch !== String(at)) throw new Error(`frame ${at} was answered ${text}`);
  return reply;
}

async function closed(socket: WebSocket): Promise<void> {
  if (socket.readyState === socket.CLOSED) return;
  socket.close();
  await once(socket, "close");
}
