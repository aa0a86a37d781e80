import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { RawConnection } from "../../core/test/raw-connection.ts";
import { DEFAULT_LIMITS } from "../src/config.ts";
import { OPERATOR_TOKEN, OperatorsDoor } from "./operators-door.ts";

// The limits of the operators' door, each reached: docs/LIMITS.md names these tests.

let door: OperatorsDoor;
beforeAll(async () => {
  const limits = {
    ...DEFAULT_LIMITS,
    ...{ connectionsPerAddressMax: 2, connectionsMax: 12, requestsMax: 2, viewersMax: 2 },
    ...{ headersTimeoutMs: 200, requestTimeoutMs: 1_500, keepAliveTimeoutMs: 200, timeoutCheckMs: 50 },
  };
  door = await OperatorsDoor.open({}, { limits });
});
afterAll(() => door.close());

const HEALTH = "GET /health/live HTTP/1.1\r\nHost: door\r\n\r\n";
const answersHealth = async (raw: RawConnection) => {
  return (await Promise.race([raw.send(HEALTH).until(/live/), raw.ended])).startsWith("HTTP/1.1 200");
};

describe("requests", () => {
  test("that come too slowly, or not at all, end in 408", async () => {
    const silent = await RawConnection.open(door.api.url);
    const slow = (await RawConnection.open(door.api.url)).send("GET /v1/venues HTTP/1.1\r\nX-");
    const drip = setInterval(() => slow.send("a"), 20);
    expect(await slow.ended).toMatch(/^HTTP\/1.1 408 .*"code":"bad_request"/s);
    clearInterval(drip);
    expect(await silent.ended).toMatch(/^HTTP\/1.1 408 /);
  });

  test("are so many at a time and no more, and the health is still told", async () => {
    const head =
      "POST /v1/session HTTP/1.1\r\nHost: door\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{";
    const slow = await Promise.all([1, 2].map(async () => (await RawConnection.open(door.api.url)).send(head)));
    await vi.waitFor(async () => {
      const answer = await door.ask("/v1/venues");
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "2"]);
      expect(answer.json).toMatchObject({ error: { code: "busy" } });
    });
    expect((await door.ask("/health/live")).status).toBe(200);
    for (const raw of slow) expect(await raw.ended).toMatch(/^HTTP\/1.1 408 /);
    expect((await door.ask("/v1/venues")).status).toBe(200);
  });

  test("leave a connection that is closed where no other follows", async () => {
    const raw = await RawConnection.open(door.api.url);
    expect(await raw.send(HEALTH).ended).toMatch(/^HTTP\/1.1 200 /);
  });
});

test("viewers are so many and no more: 1013", async () => {
  await door.createVenue("watched");
  const watch = (forwardedFor: string) =>
    new WebSocket(`${door.api.url.replace("http", "ws")}/v1/venues/watched/live`, {
      headers: { authorization: `Bearer ${OPERATOR_TOKEN}`, "x-forwarded-for": forwardedFor },
    });
  const viewers = [watch("203.0.113.1"), watch("203.0.113.1")];
  await Promise.all(viewers.map((viewer) => once(viewer, "open")));
  expect((await once(watch("203.0.113.2"), "close"))[0]).toBe(1013);
  expect((await once(watch("203.0.113.1"), "error"))[0]).toMatchObject({ code: "ECONNRESET" });
  for (const viewer of viewers) viewer.terminate();
});

test("connections are so many and no more, one address's and all together", async () => {
  const limits = { ...DEFAULT_LIMITS, connectionsPerAddressMax: 2, connectionsMax: 4 };
  const counted = await OperatorsDoor.open({ TRUSTED_PROXIES: "203.0.113.1" }, { limits });
  const open = (from: string) => RawConnection.open(counted.api.url, from);
  const raws = [await open("127.0.0.2"), await open("127.0.0.2")];
  for (const raw of raws) expect(await answersHealth(raw)).toBe(true);
  expect(await (await open("127.0.0.2")).ended).toBe("");
  raws.push(await open("127.0.0.3"), await open("127.0.0.4"));
  for (const raw of raws.slice(2)) expect(await answersHealth(raw)).toBe(true);
  expect(await (await open("127.0.0.5")).ended).toBe("");
  for (const raw of raws) raw.cut();
  await counted.close();
});
