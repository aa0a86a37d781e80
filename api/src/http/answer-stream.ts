import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";

/** Text gathered before it is written, UTF-16 units. */
const CHUNK_LENGTH = 65_536;
/** A client that takes nothing of its answer for so long is cut off, ms: what goes on for it costs memory. */
const STALL_MS = 60_000;

/** Ends when the client no longer waits for the answer. */
export function goneSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once("close", () => controller.abort());
  return controller.signal;
}

/**
 * Sends an answer that comes in pieces, no faster than the client reads. A failure before the first 64 kB is an
 * ordinary error; a later one cuts the connection off, so that a part is never taken for the whole. An answer
 * that is small enough is sent in one piece.
 */
export async function sendText(
  reply: FastifyReply,
  contentType: string,
  pieces: AsyncIterable<string>,
  stallMs = STALL_MS,
): Promise<FastifyReply> {
  const chunks = gather(pieces);
  const first = await chunks.next();
  reply.type(contentType);
  if (first.done) return reply.send(first.value);
  const cutOff = () => reply.raw.destroy();
  return reply.send(Readable.from(watched(first.value, chunks, stallMs, cutOff), { objectMode: false }));
}

/** Yields full chunks and returns the rest. */
async function* gather(pieces: AsyncIterable<string>): AsyncGenerator<string, string> {
  let gathered = "";
  for await (const piece of pieces) {
    gathered += piece;
    if (gathered.length < CHUNK_LENGTH) continue;
    yield gathered;
    gathered = "";
  }
  return gathered;
}

/** The first chunk and the others; `onStall` is called where one is not taken in time. */
async function* watched(
  first: string,
  chunks: AsyncGenerator<string, string>,
  stallMs: number,
  onStall: () => void,
): AsyncGenerator<string> {
  let timer: NodeJS.Timeout | undefined;
  try {
    for (let chunk: IteratorResult<string, string> = { value: first }; ; chunk = await chunks.next()) {
      if (chunk.value !== "") {
        timer = setTimeout(onStall, stallMs);
        yield chunk.value;
        clearTimeout(timer);
      }
      if (chunk.done) return;
    }
  } finally {
    clearTimeout(timer);
    await chunks.return("");
  }
}
