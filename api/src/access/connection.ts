import type { IncomingMessage } from "node:http";
import { isLoopback } from "./loopback.ts";

/** What is known of a request's way here. A proxy's word counts only where one is trusted. */
export class Connections {
  private readonly trustProxy: boolean;

  constructor(trustProxy: boolean) {
    this.trustProxy = trustProxy;
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

  /** Where the request came from. The last address of the list is the one that our proxy saw. */
  addressOf({ socket, headers }: IncomingMessage): string {
    const forwarded = this.trustProxy ? [headers["x-forwarded-for"] ?? []].flat().join().split(",").at(-1)?.trim() : "";
    return forwarded || (socket.remoteAddress ?? "");
  }
}
