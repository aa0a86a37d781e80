import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { ClientAddresses } from "./client-address.ts";
import { StartError } from "./environment.ts";
import { Occupancy } from "./occupancy.ts";
import { type TlsConfig, tlsOptions } from "./tls.ts";

/** What a door bounds of every connection, whatever comes over it. docs/LIMITS.md lists all limits. */
export interface HttpLimits {
  /** Connections of this process, of any kind; one more is cut. */
  readonly connectionsMax: number;
  /** The same of one address; sockets that a trusted proxy brings count for the client that it names. */
  readonly connectionsPerAddressMax: number;
  /** Requests being read or answered at a time; one more is answered 503. */
  readonly requestsMax: number;
  /** For a request's headers to arrive, from the connection's opening on; then 408. */
  readonly headersTimeoutMs: number;
  /** For a whole request to arrive; then 408. */
  readonly requestTimeoutMs: number;
  /** How long a connection may stay open between two requests. */
  readonly keepAliveTimeoutMs: number;
  /** How often the three before this are looked at. */
  readonly timeoutCheckMs: number;
}

/** What both doors start with; each has its own number of connections and requests. */
export const DEFAULT_HTTP_TIMEOUTS = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 30_000,
  timeoutCheckMs: 1_000,
};

/** The part of Fastify's options that holds these limits, and a door's certificate where it has one. */
export function httpOptions(limits: HttpLimits, tls: TlsConfig | null) {
  const timeouts = { headersTimeout: limits.headersTimeoutMs, connectionsCheckingInterval: limits.timeoutCheckMs };
  const secure = tls && { ...timeouts, ...tlsOptions(tls), handshakeTimeout: limits.headersTimeoutMs };
  return {
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    // Typed as without TLS: a server of either kind has all that the doors use.
    ...((secure === null ? { http: timeouts } : { https: secure }) as { http: typeof timeouts }),
  };
}

/** Where a door is: its scheme, an address of either family, its port. */
export function doorUrl(tls: TlsConfig | null, host: string, port: number): string {
  const scheme = tls === null ? "http" : "https";
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/**
 * Bounds a door's connections, all together and by address. Beyond it they are cut without an answer: to say why
 * would cost what the limit is to save. Make it before anything else listens for upgrades.
 */
export class ConnectionLimit {
  private readonly max: number;
  private readonly occupancy = new Occupancy();

  constructor(server: Server, limits: HttpLimits, addresses: ClientAddresses) {
    this.max = limits.connectionsPerAddressMax;
    server.maxConnections = limits.connectionsMax;
    server.on("connection", (socket: Socket) => this.meet(socket, addresses.ofPeer(socket.remoteAddress)));
    server.on("upgrade", (request: IncomingMessage, socket: Duplex) => {
      const isDirect = addresses.ofPeer(request.socket.remoteAddress) !== null;
      this.meet(socket, isDirect ? null : addresses.ofRequest(request));
    });
  }

  private meet(socket: Duplex, address: string | null): void {
    if (address === null) return;
    if (this.occupancy.enter(address, this.max)) socket.once("close", () => this.occupancy.leave(address));
    else socket.destroy();
  }
}

/** Bounds the requests that are read or answered at a time: each may hold a body. */
export class RequestLimit {
  private readonly max: number;
  private count = 0;

  constructor({ requestsMax }: HttpLimits) {
    this.max = requestsMax;
  }

  /** Whether there is room for one more, which it takes until its answer ends. */
  enter(request: IncomingMessage, response: ServerResponse): boolean {
    // How the service is may always be asked: a balancer that hears no answer would send all to the others.
    if (request.url?.startsWith("/health/")) return true;
    if (this.count >= this.max) return false;
    this.count += 1;
    response.once("close", () => {
      this.count -= 1;
    });
    return true;
  }
}

/**
 * Reads limits: each from the variable of its name in capitals after the service's, `socketsMax` of ingest from
 * `INGEST_SOCKETS_MAX`. @throws StartError on what is no number above 0
 */
export function readLimits<Limits extends { readonly [name in keyof Limits]: number }>(
  environment: NodeJS.ProcessEnv,
  service: string,
  defaults: Limits,
): Limits {
  const limits = Object.entries<number>(defaults).map(([name, value]) => {
    return [name, readLimit(environment, limitVariable(service, name), value)];
  });
  return Object.fromEntries(limits) as Limits;
}

/** The environment's name of a limit. */
export function limitVariable(service: string, name: string): string {
  return `${service}_${name.replaceAll(/[A-Z]/g, "_$&")}`.toUpperCase();
}

function readLimit(environment: NodeJS.ProcessEnv, variable: string, fallback: number): number {
  const text = environment[variable] || String(fallback);
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit > 0 && Number.isSafeInteger(limit)) return limit;
  throw new StartError(`${variable} must be a whole number above 0, not "${text}"`);
}
