import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FaultProxy } from "./fault-proxy.ts";

/** A server that answers each command with its last line. */
let server: Server;
let received: string;
let proxy: FaultProxy;
let client: Socket;
let answered: string;

beforeEach(async () => {
  received = "";
  answered = "";
  server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      received += bytes.toString();
      socket.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  proxy = await FaultProxy.open(() => (server.address() as AddressInfo).port, "redis");
  client = connect(proxy.port, "127.0.0.1");
  client.on("error", () => {});
  client.on("data", (bytes) => {
    answered += bytes.toString();
  });
  await once(client, "connect");
});

afterEach(async () => {
  client.destroy();
  await proxy.close();
  await new Promise((resolve) => server.close(resolve));
});

const command = (text: string) => `*1\r\n$${text.length}\r\n${text}\r\n`;
const matches = (text: string) => (bytes: Buffer) => bytes.includes(text);
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 5_000, interval: 5 });

test("a command trapped before it arrives waits, with all that follow, until it is released", async () => {
  const trap = proxy.catchCommand(matches("MERGE"), "before");
  client.write(command("ONE") + command("MERGE") + command("THREE"));
  await trap.sprung;
  await eventually(() => expect(answered).toBe(command("ONE")));
  expect(received).toBe(command("ONE"));
  trap.release();
  await eventually(() => expect(answered).toBe(command("ONE") + command("MERGE") + command("THREE")));
});

test("a command trapped after it arrived has been done, and its answer waits", async () => {
  const trap = proxy.catchCommand(matches("MERGE"), "after");
  client.write(command("MERGE"));
  await trap.sprung;
  expect(received).toBe(command("MERGE"));
  expect(answered).toBe("");
  trap.release();
  await eventually(() => expect(answered).toBe(command("MERGE")));
});

test("half-open connections carry nothing, and new ones do", async () => {
  client.write(command("ONE"));
  await eventually(() => expect(answered).toBe(command("ONE")));
  proxy.loseTrackOfConnections();
  client.write(command("TWO"));
  const other = connect(proxy.port, "127.0.0.1");
  other.write(command("OTHER"));
  await once(other, "data");
  expect(answered).toBe(command("ONE"));
  expect(client.destroyed).toBe(false);
  other.destroy();
});

test("what is dropped never arrives, and what is cut ends", async () => {
  proxy.toServer.isDropped = true;
  client.write(command("ONE"));
  await eventually(() => expect(proxy.toServer.droppedBytes).toBe(command("ONE").length));
  proxy.toServer.isDropped = false;
  client.write(command("TWO"));
  await eventually(() => expect(answered).toBe(command("TWO")));
  proxy.cut();
  await eventually(() => expect(client.destroyed).toBe(true));
});
