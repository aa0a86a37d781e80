import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";
import { StartError } from "./environment.ts";

/** Proxies on the same machine. */
const LOOPBACK = "127.0.0.0/8,::1/128";

/** Tells clients apart by their address, also behind proxies that are trusted to name them. */
export class ClientAddresses {
  private readonly trusted: BlockList;

  constructor(trusted: BlockList) {
    this.trusted = trusted;
  }

  /**
   * Who a limit per address counts a connection for: an IPv4 address, or the first half of an IPv6 one, of which
   * everybody has as many as they like. Null for a trusted proxy and for who is on the machine itself.
   */
  ofPeer(address: string | undefined): string | null {
    const plain = withoutMapping(address ?? "");
    return isIP(plain) === 0 || this.isTrusted(plain) ? null : groupOf(plain);
  }

  /** The same of a request: where a trusted proxy sent it, of the client that it names in `X-Forwarded-For`. */
  ofRequest(request: IncomingMessage): string | null {
    const peer = this.ofPeer(request.socket.remoteAddress);
    if (peer !== null) return peer;
    const named = String(request.headers["x-forwarded-for"] ?? "").split(",");
    // From the right: what stands further left is what the client itself has said.
    for (const each of named.reverse()) {
      const address = this.ofPeer(each.trim());
      if (address !== null) return address;
    }
    return null;
  }

  private isTrusted(address: string): boolean {
    return this.trusted.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
  }
}

/** Reads `TRUSTED_PROXIES`, addresses and networks. @throws StartError on what is neither */
export function readTrustedProxies(environment: NodeJS.ProcessEnv): BlockList {
  const list = new BlockList();
  const names = (environment.TRUSTED_PROXIES ?? LOOPBACK).split(/[\s,]+/).filter((name) => name !== "");
  for (const name of names) addNetwork(list, name);
  return list;
}

function addNetwork(list: BlockList, name: string): void {
  const [address = "", length] = name.split("/", 2);
  const family = isIP(address);
  const bits = length === undefined ? (family === 6 ? 128 : 32) : Number(length);
  if (family === 0 || !Number.isInteger(bits) || bits < 0 || bits > (family === 6 ? 128 : 32)) {
    throw new StartError(`TRUSTED_PROXIES must be addresses or networks such as 10.0.0.0/8, not "${name}"`);
  }
  list.addSubnet(address, bits, family === 6 ? "ipv6" : "ipv4");
}

/** An IPv4 address that a socket for both families shows as an IPv6 one. */
function withoutMapping(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
}

function groupOf(address: string): string {
  if (isIP(address) === 4) return address;
  const [left = "", right] = address.split("::", 2);
  const groups = left === "" ? [] : left.split(":");
  const after = right === undefined || right === "" ? [] : right.split(":");
  if (right !== undefined) while (groups.length + after.length < 8) groups.push("0");
  return [...groups, ...after]
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ""))
    .join(":");
}
