import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, expect, test } from "vitest";
import { sendText } from "./answer-stream.ts";

let app: FastifyInstance;
let given = 0;
let hasEnded = false;

afterEach(() => app.close());

async function serve(pieces: () => AsyncGenerator<string>, stallMs?: number): Promise<number> {
  given = 0;
  hasEnded = false;
  app = Fastify({ forceCloseConnections: true });
  app.get("/", (_request, reply) => sendText(reply, "text/plain; charset=utf-8", watch(pieces()), stallMs));
  await app.listen({ port: 0, host: "127.0.0.1" });
  return (app.server.address() as AddressInfo).port;
}

async function* watch(pieces: AsyncGenerator<string>): AsyncGenerator<string> {
  try {
    for await (const piece of pieces) {
      given += piece.length;
      yield piece;
    }
  } finally {
    hasEnded = true;
  }
}

async function* repeated(piece: string, times: number): AsyncGenerator<string> {
  for (let index = 0; index < times; index++) yield piece;
}

test("a small answer is sent in one piece", async () => {
  const port = await serve(() => repeated("ä", 10));
  const response = await fetch(`http://127.0.0.1:${port}/`);
  expect(response.headers.get("content-length")).toBe("20");
  expect(await response.text()).toBe("ä".repeat(10));
});

test("a large answer arrives whole, whatever its pieces", async () => {
  for (const [piece, times] of [
    ["€uro", 100_000],
    ["x".repeat(65_536), 3],
    ["y".repeat(200_000), 2],
  ] as const) {
    const port = await serve(() => repeated(piece, times));
    const response = await fetch(`http://127.0.0.1:${port}/`);
    expect(response.headers.has("content-length")).toBe(false);
    expect((await response.text()) === piece.repeat(times)).toBe(true);
    await app.close();
  }
});

test("a failure before anything is sent is an error, a later one cuts the answer off", async () => {
  async function* failing(times: number) {
    yield* repeated("x".repeat(1_000), times);
    throw new Error("no more");
  }
  const early = await serve(() => failing(10));
  expect((await fetch(`http://127.0.0.1:${early}/`)).status).toBe(500);
  await app.close();
  const late = await serve(() => failing(1_000));
  const response = await fetch(`http://127.0.0.1:${late}/`);
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow();
});

test("nothing more is made for a client that has gone, or that takes nothing", async () => {
  const endless = () => repeated("z".repeat(10_000), 1e9);
  const port = await serve(endless, 300);
  const leaving = new AbortController();
  const response = await fetch(`http://127.0.0.1:${port}/`, { signal: leaving.signal });
  expect(response.status).toBe(200);
  leaving.abort();
  await expect.poll(() => hasEnded).toBe(true);
  await app.close();

  const again = await serve(endless, 300);
  const stalled = connect(again, "127.0.0.1");
  stalled.on("error", () => {});
  stalled.pause();
  stalled.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  await expect.poll(() => hasEnded, { timeout: 10_000 }).toBe(true);
  // No more was made than the sockets' buffers on the way hold.
  expect(given).toBeLessThan(50_000_000);
  stalled.destroy();
});
