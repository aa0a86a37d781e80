import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { LiveFrame, LiveHello } from "@encounter/core/wire/live";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket as NodeWebSocket, WebSocketServer } from "ws";
import { frameBytes } from "../../test/live-frames.ts";
import { type Absence, type Connection, LiveConnection } from "./live-connection.ts";
import { Busy, Refused, SignedOut, Unreachable } from "./requests.ts";

/** What was told, in order. */
class Witness {
  readonly connections: Connection[] = [];
  readonly hellos: LiveHello[] = [];
  readonly frames: LiveFrame[] = [];
  readonly refusals: string[] = [];
  goneCount = 0;
  hello = (hello: LiveHello) => void this.hellos.push(hello);
  frame = (frame: LiveFrame) => void this.frames.push(frame);
  readonly absences: (Absence | null)[] = [];
  changed = (connection: Connection, absence: Absence | null) => {
    this.absences.push(absence);
    if (this.connections.at(-1) !== connection) this.connections.push(connection);
  };
  gone = () => {
    this.goneCount++;
  };
  refused = (message: string) => {
    this.refusals.push(message);
  };
}

let server: WebSocketServer;
let witness: Witness;
let connection: LiveConnection;
let trouble: Error | null;

async function serve(port = 0): Promise<void> {
  server = new WebSocketServer({ port, host: "127.0.0.1" });
  await once(server, "listening");
}

function connect(): void {
  const { port } = server.address() as AddressInfo;
  const open = () => new NodeWebSocket(`ws://127.0.0.1:${port}`) as unknown as WebSocket;
  const check = async () => {
    if (trouble !== null) throw trouble;
  };
  // A browser's socket tells of a failure in the console; that of Node throws where nobody listens.
  const quiet = () => Object.assign(open(), { onerror: () => {} });
  connection = new LiveConnection({ open: quiet, check, random: () => 0.02 }, witness);
}

function greet(): void {
  server.on("connection", (socket) => {
    socket.send(JSON.stringify({ type: "hello", venue_id: "v" }));
    socket.send(frameBytes({ snapshot: true, names: ["a"] }));
  });
}

async function cut(): Promise<number> {
  const { port } = server.address() as AddressInfo;
  for (const client of server.clients) client.terminate();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

beforeEach(async () => {
  witness = new Witness();
  trouble = null;
  await serve();
});

afterEach(async () => {
  connection.close();
  await cut().catch(() => {});
});

describe("LiveConnection", () => {
  it("is live with the first snapshot, not before", async () => {
    server.on("connection", (socket) => {
      socket.send(JSON.stringify({ type: "hello", venue_id: "v" }));
      socket.send(frameBytes({}));
      socket.on("message", () => {});
    });
    connect();
    await vi.waitFor(() => expect(witness.frames).toHaveLength(1));
    expect(witness.connections).toEqual(["connecting"]);
    for (const client of server.clients) client.send(frameBytes({ snapshot: true, names: ["a"] }));
    await vi.waitFor(() => expect(witness.connections).toEqual(["connecting", "live"]));
    expect(witness.hellos).toHaveLength(1);
  });

  it("says that the line is lost, and comes back by itself", async () => {
    greet();
    connect();
    await vi.waitFor(() => expect(witness.connections.at(-1)).toBe("live"));
    trouble = new Unreachable();
    const port = await cut();
    await vi.waitFor(() => expect(witness.connections.at(-1)).toBe("lost"));
    await serve(port);
    greet();
    await vi.waitFor(() => expect(witness.connections.at(-1)).toBe("live"), 10_000);
    expect(witness.connections).toEqual(["connecting", "live", "lost", "live"]);
  });

  it("tells a session that is over from a server that is away", async () => {
    greet();
    connect();
    await vi.waitFor(() => expect(witness.connections.at(-1)).toBe("live"));
    trouble = new SignedOut();
    await cut();
    await vi.waitFor(() => expect(witness.connections.at(-1)).toBe("signed-out"));
  });

  it.each([
    { reason: "signed out", connections: ["connecting", "live", "signed-out"], gone: 0 },
    { reason: "venue deleted", connections: ["connecting", "live"], gone: 1 },
  ])("believes a close because $reason", async ({ reason, connections, gone }) => {
    greet();
    connect();
    await vi.waitFor(() => expect(witness.connections.at(-1)).toBe("live"));
    for (const client of server.clients) client.close(4401, reason);
    await vi.waitFor(() => expect([witness.connections, witness.goneCount]).toEqual([connections, gone]));
  });

  it("notices that the venue was deleted while it was away", async () => {
    greet();
    connect();
    await vi.waitFor(() => expect(witness.connections.at(-1)).toBe("live"));
    trouble = new Refused(404, "no such venue");
    await cut();
    await vi.waitFor(() => expect(witness.goneCount).toBe(1));
  });

  it("is lost while the server is in trouble, on the same socket", async () => {
    greet();
    connect();
    await vi.waitFor(() => expect(witness.connections.at(-1)).toBe("live"));
    const [socket] = server.clients;
    socket!.send(JSON.stringify({ type: "trouble", since: 0 }));
    await vi.waitFor(() => expect(witness.connections.at(-1)).toBe("lost"));
    socket!.send(JSON.stringify({ type: "recovered" }));
    socket!.send(frameBytes({ snapshot: true, names: ["a"] }));
    await vi.waitFor(() => expect(witness.connections.at(-1)).toBe("live"));
    expect(server.clients.size).toBe(1);
  });

  it("gives up a line that fell silent", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      greet();
      connect();
      // Waiting by timers would move the clock.
      while (witness.connections.at(-1) !== "live") await new Promise((resolve) => setImmediate(resolve));
      vi.advanceTimersByTime(7_999);
      expect(witness.connections.at(-1)).toBe("live");
      vi.advanceTimersByTime(1);
      expect(witness.connections.at(-1)).toBe("lost");
    } finally {
      vi.useRealTimers();
    }
  });

  it("does not come back once it is closed", async () => {
    greet();
    connect();
    await vi.waitFor(() => expect(witness.connections.at(-1)).toBe("live"));
    const [socket] = server.clients;
    connection.close();
    await once(socket!, "close");
    connection.retryNow();
    expect(witness.connections).toEqual(["connecting", "live"]);
    expect(server.clients.size).toBe(0);
  });

  it("says that the server is busy where it lets nobody else in, and comes in when it does", async () => {
    await serve();
    let isFull = true;
    server.on("connection", (socket) => {
      if (isFull) return socket.close(1013, "too many viewers");
      socket.send(JSON.stringify({ type: "hello", venue_id: "v" }));
      socket.send(frameBytes({ snapshot: true, names: ["a"] }));
    });
    connect();
    await vi.waitFor(() => expect(witness.connections).toEqual(["connecting", "busy"]));
    expect(witness.absences.at(-1)).toHaveProperty("retryAtMs");
    isFull = false;
    connection.retryNow();
    await vi.waitFor(() => expect(witness.connections).toEqual(["connecting", "busy", "live"]));
    expect(witness.absences.at(-1)).toBeNull();
  });

  it("says so, too, where it only answers that it is", async () => {
    await serve();
    greet();
    connect();
    await vi.waitFor(() => expect(witness.connections.at(-1)).toBe("live"));
    trouble = new Busy(503, "too many searches are waiting");
    await cut();
    await vi.waitFor(() => expect(witness.connections).toEqual(["connecting", "live", "lost", "busy"]));
  });

  it("does not take its own deafness for silence: one timer that is late says nothing", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      await serve();
      greet();
      connect();
      while (witness.connections.at(-1) !== "live") await new Promise((resolve) => setImmediate(resolve));
      for (let step = 1; step < 8; step++) {
        vi.advanceTimersToNextTimer();
        expect(witness.connections.at(-1)).toBe("live");
      }
      vi.advanceTimersToNextTimer();
      expect(witness.connections.at(-1)).toBe("lost");
    } finally {
      vi.useRealTimers();
    }
  });

  it("asks for lines by another measure once, and tells where the server refuses", async () => {
    const asked: string[] = [];
    await serve();
    greet();
    server.on("connection", (socket) =>
      socket.on("message", (data) => {
        asked.push(String(data));
        socket.send(JSON.stringify({ type: "refused", message: "Not more than 10 m." }));
      }),
    );
    connect();
    await vi.waitFor(() => expect(witness.connections).toEqual(["connecting", "live"]));
    connection.look({ proximityDm: 125, certain: true });
    connection.look({ proximityDm: 125, certain: true });
    await vi.waitFor(() => expect(witness.refusals).toEqual(["Not more than 10 m."]));
    expect(asked).toEqual(['{"type":"look","proximity":12.5,"certain":true}']);
  });
});
