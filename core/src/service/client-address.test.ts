import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { ClientAddresses, readTrustedProxies } from "./client-address.ts";

const addresses = new ClientAddresses(readTrustedProxies({ TRUSTED_PROXIES: "127.0.0.0/8,::1,10.0.0.0/8" }));

function requestFrom(remoteAddress: string, forwardedFor?: string): IncomingMessage {
  const headers = forwardedFor === undefined ? {} : { "x-forwarded-for": forwardedFor };
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
}

describe("a client is counted", () => {
  test.each([
    ["203.0.113.7", "203.0.113.7"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["2001:DB8:0:0:1:2:3:4", "2001:db8:0:0"],
    ["2001:db8::7", "2001:db8:0:0"],
    ["fe80::1%eth0", "fe80:0:0:0"],
    ["127.0.0.1", null],
    ["::1", null],
    ["::ffff:10.1.2.3", null],
    [undefined, null],
  ])("at %s as %s", (peer, counted) => {
    expect(addresses.ofPeer(peer)).toBe(counted);
  });

  test("behind a trusted proxy by what that one says, and by nothing else", () => {
    expect(addresses.ofRequest(requestFrom("10.0.0.1", "203.0.113.7"))).toBe("203.0.113.7");
    expect(addresses.ofRequest(requestFrom("10.0.0.1", "198.51.100.1, 203.0.113.7, 10.0.0.2"))).toBe("203.0.113.7");
    expect(addresses.ofRequest(requestFrom("10.0.0.1", "nobody knows"))).toBeNull();
    expect(addresses.ofRequest(requestFrom("203.0.113.9", "198.51.100.1"))).toBe("203.0.113.9");
  });
});

test("what is no network is refused at the start", () => {
  for (const TRUSTED_PROXIES of ["proxy.example.org", "10.0.0.0/33", "10.0.0.0/x", "::1/129"]) {
    expect(() => readTrustedProxies({ TRUSTED_PROXIES })).toThrow("TRUSTED_PROXIES");
  }
  expect(new ClientAddresses(readTrustedProxies({ TRUSTED_PROXIES: "" })).ofPeer("127.0.0.1")).toBe("127.0.0.1");
});
