import type { IncomingMessage } from "node:http";
import type { ClientAddresses } from "@encounter/core/service/client-address";
import { isLoopback } from "./loopback.ts";

/** What is known of a request's way here. A proxy's word counts only where one is trusted. */
export class Connections {
  private readonly trustProxy: boolean;
  private readonly addresses: ClientAddresses;

  /** @param trustProxy whether a proxy with TLS stands before the door */
  constructor(trustProxy: boolean, addresses: ClientAddresses) {
    this.trustProxy = trustProxy;
    this.addresses = addresses;
  }

  /** Whether the browser's connection is over TLS: ours, or the proxy's. */
  isSecure({ socket, headers }: IncomingMessage): boolean {
    if ("encrypted" in socket && socket.encrypted === true) return true;
    return this.trustProxy && headers["x-forwarded-proto"] === "https";
  }

  /** Whether nobody can listen in on the browser's connection: it is over TLS, or within one machine. */
  isPrivate(request: IncomingMessage): boolean {
    if (this.isSecure(request) || !this.trustProxy) return true;
    const host = `http://${request.headers.host ?? ""}`;
    return URL.canParse(host) && isLoopback(new URL(host).hostname.replace(/^\[|\]$/g, ""));
  }

  /** Where the request came from, as far as limits tell clients apart; all of this machine are one. */
  addressOf(request: IncomingMessage): string {
    return this.addresses.ofRequest(request) ?? request.socket.remoteAddress ?? "";
  }
}
