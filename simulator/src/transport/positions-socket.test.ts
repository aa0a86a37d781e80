import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { Backoff } from "./backoff.ts";
import { HandshakeGate } from "./handshake-gate.ts";
import { PositionsSocket, type SocketEvents } from "./positions-socket.ts";

/** A server that does nothing by itself: the test answers. */
let http: Server;
let sockets: WebSocketServer;
let url: string;
let epoch: string;
/** Handshakes still to be answered with 503. */
let unavailable: number;
let received: { batch: string; positions: number[]; connection: WebSocket }[];
let happened: string[];
let socket: PositionsSocket<number>;

beforeEach(async () => {
  received = [];
  happened = [];
  epoch = "e1";
  unavailable = 0;
  sockets = new WebSocketServer({ noServer: true });
  http = createServer();
  http.on("upgrade", (request, raw, head) => {
    if (request.headers.authorization !== "Bearer key") {
      raw.end("HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n");
      return;
    }
    if (unavailable > 0) {
      unavailable--;
      raw.end("HTTP/1.1 503 Service Unavailable\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, raw, head, (connection) => {
      connection.on("message", (data) => received.push({ ...JSON.parse(data.toString()), connection }));
    });
  });
  sockets.on("headers", (headers) => headers.push(`Encounter-Epoch: ${epoch}`));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/v1/positions`;
});

afterEach(async () => {
  socket.stop();
  for (const connection of sockets.clients) connection.terminate();
  await new Promise((resolve) => http.close(resolve));
});

function openSocket(credential = "key", window = 3): void {
  const events: SocketEvents<number> = {
    sent: () => {},
    answered: ({ items }) => happened.push(`answered ${items}`),
    troubled: ({ items }, code) => happened.push(`${code} ${items}`),
    confused: (message) => happened.push(`confused: ${message}`),
    opened: (isReconnect) => happened.push(isReconnect ? "reopened" : "opened"),
    lost: (reason) => happened.push(`lost: ${reason}`),
    refused: (reason) => happened.push(`refused: ${reason}`),
    epochChanged: (now) => happened.push(`epoch ${now}`),
  };
  socket = new PositionsSocket({
    url,
    credential,
    window,
    encode: (batch, positions) => JSON.stringify({ batch, positions }),
    gate: new HandshakeGate(1),
    backoff: new Backoff(() => 0),
    events,
  });
  socket.connect();
}

/** Waits until the server has received so many frames, and answers with what it has. */
async function frames(count: number) {
  await vi.waitFor(() => expect(received.length).toBeGreaterThanOrEqual(count), { timeout: 5_000, interval: 5 });
  return received;
}

const seen = (what: string) => vi.waitFor(() => expect(happened).toContain(what), { timeout: 5_000, interval: 5 });
const items = () => received.map(({ positions }) => positions[0]);

function answer(frame: (typeof received)[number] | undefined, changes: object = {}): void {
  frame!.connection.send(
    JSON.stringify({ batch: frame!.batch, epoch, counts: { accepted: frame!.positions.length }, ...changes }),
  );
}

function trouble(frame: (typeof received)[number] | undefined, code: string): void {
  frame!.connection.send(JSON.stringify({ batch: frame!.batch, error: { code, retry_after_ms: 1 } }));
}

describe("a socket to the devices' door", () => {
  test("sends frames in order, no more than its window, and on as answers come", async () => {
    openSocket();
    for (const item of [1, 2, 3, 4, 5]) socket.send([item]);
    await frames(3);
    expect(items()).toEqual([1, 2, 3]);
    expect(socket.waiting).toBe(5);
    answer(received[0]);
    answer(received[1]);
    await frames(5);
    expect(items()).toEqual([1, 2, 3, 4, 5]);
    for (const frame of received.slice(2)) answer(frame);
    await seen("answered 5");
    expect(happened).toEqual(["opened", "answered 1", "answered 2", "answered 3", "answered 4", "answered 5"]);
    expect(socket.waiting).toBe(0);
  });

  test.each(["busy", "unknown"])(
    "on %s sends again, before anything new, once all other answers are in",
    async (code) => {
      openSocket("key", 2);
      for (const item of [1, 2, 3]) socket.send([item]);
      await frames(2);
      trouble(received[0], code);
      await seen(`${code} 1`);
      answer(received[1]);
      await frames(4);
      expect(items()).toEqual([1, 2, 1, 3]);
      expect(received[2]!.batch).toBe(received[0]!.batch);
    },
  );

  test("does not send again what was no frame", async () => {
    openSocket();
    socket.send([1]);
    socket.send([2]);
    await frames(2);
    received[0]!.connection.send(JSON.stringify({ error: { code: "bad_frame", message: "not JSON" } }));
    answer(received[1]);
    await seen("answered 2");
    expect(happened).toEqual(["opened", "bad_frame 1", "answered 2"]);
    expect(items()).toEqual([1, 2]);
  });

  test("reconnects and sends again what was not answered, in order", async () => {
    openSocket();
    for (const item of [1, 2, 3, 4]) socket.send([item]);
    await frames(3);
    answer(received[0]);
    await frames(4);
    received[0]!.connection.close(1012, "restarting");
    await frames(7);
    expect(items().slice(4)).toEqual([2, 3, 4]);
    for (const frame of received.slice(4)) answer(frame);
    await seen("answered 4");
    expect(happened).toEqual([
      "opened",
      "answered 1",
      "lost: 1012 restarting",
      "reopened",
      "answered 2",
      "answered 3",
      "answered 4",
    ]);
  });

  test("breaks off on purpose, hears nothing more, and comes back", async () => {
    openSocket();
    socket.send([1]);
    await frames(1);
    socket.breakOff(10);
    await frames(2);
    expect(happened).toEqual(["opened", "lost: broken off on purpose", "reopened"]);
    expect(items()).toEqual([1, 1]);
  });

  test("tries again where the door is not ready", async () => {
    unavailable = 2;
    openSocket();
    socket.send([1]);
    await frames(1);
    expect(happened).toEqual(["lost: 1006 HTTP 503", "lost: 1006 HTTP 503", "opened"]);
  });

  test("tries again where nobody answers, and where an answer is overdue", async () => {
    openSocket();
    socket.send([1]);
    await frames(1);
    socket.sweep(performance.now() + 29_000);
    expect(happened).toEqual(["opened"]);
    socket.sweep(performance.now() + 31_000);
    await frames(2);
    answer(received[1]);
    await seen("answered 1");
    expect(happened[1]).toMatch(/^lost: 1006/);
  });

  test("stops for good where its credential is refused or revoked", async () => {
    openSocket("wrong key");
    await seen("refused: the server answered HTTP 401");
    expect(socket.waiting).toBe(0);
    socket.stop();
    openSocket();
    socket.send([1]);
    await frames(1);
    received[0]!.connection.close(4401, "revoked");
    await seen("refused: the server closed with 4401 revoked");
    expect(happened.filter((event) => event === "reopened")).toEqual([]);
  });

  test("notices a new epoch in an answer or at the door, before it goes on", async () => {
    openSocket();
    socket.send([1]);
    await frames(1);
    epoch = "e2";
    answer(received[0]);
    await seen("answered 1");
    expect(happened).toEqual(["opened", "epoch e2", "answered 1"]);
    epoch = "e3";
    received[0]!.connection.close(1012, "restarting");
    await seen("reopened");
    expect(happened.slice(3)).toEqual(["lost: 1012 restarting", "epoch e3", "reopened"]);
    socket.send([2]);
    await frames(2);
    answer(received[1]);
    await seen("answered 2");
    expect(happened.filter((event) => event.startsWith("epoch"))).toEqual(["epoch e2", "epoch e3"]);
  });

  test.each([
    ["the answer to another frame", (frame: (typeof received)[number]) => answer({ ...frame, batch: "99" })],
    ["what is no answer", (frame: (typeof received)[number]) => frame.connection.send("hello")],
  ])("starts over when it gets %s", async (_, confuse) => {
    openSocket();
    socket.send([1]);
    await frames(1);
    confuse(received[0]!);
    await frames(2);
    answer(received[1]);
    await seen("answered 1");
    expect(happened.filter((event) => event.startsWith("confused")).length).toBe(1);
  });
});
