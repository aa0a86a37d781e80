import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Fix } from "@encounter/core/domain/fix";
import { metresPerDegreeEast, metresPerDegreeNorth } from "@encounter/core/domain/geodesy";
import { MINUTE_MS, minuteOf, minuteStartMs } from "@encounter/core/domain/minute";
import { createLog } from "@encounter/core/service/log";
import { connectRedis, type RedisClient, untilReady } from "@encounter/core/service/redis";
import { unauthorized } from "../src/access/access.ts";
import { Aliases } from "../src/access/aliases.ts";
import { MachineKey } from "../src/access/machine-key.ts";
import { createLive, type Live, type LiveLimits } from "../src/live/index.ts";
import { MapPage } from "./map-page.ts";

const TICK_MS = 40;
const ORIGIN = { longitude: 11.5, latitude: 48.1 };

/** The live feed on an HTTP server of its own, with a clock that a test can turn. */
export class LiveServer {
  readonly redis: RedisClient;
  readonly live: Live;
  readonly http: Server;
  /** Server's ends of the connections that are open. */
  readonly sockets = new Set<Socket>();
  /** Whether somebody is signed in; a request may also say no for itself with the header `x-guest`. */
  isSignedIn = true;
  areNamesShown = true;
  private clockMs: number;
  private readonly pages: MapPage[] = [];

  private constructor(redis: RedisClient, limits: Partial<LiveLimits>) {
    this.redis = redis;
    // Amid a minute: what a test does in one minute of its clock stays in it.
    this.clockMs = minuteStartMs(minuteOf(Date.now())) + 30_000;
    const log = createLog("test", "silent");
    const aliases = new Aliases(new MachineKey("a key of tests"));
    this.live = createLive({ redis, log, aliases, now: () => this.clockMs, limits: { tickMs: TICK_MS, ...limits } });
    this.http = createServer((_, response) => response.writeHead(404).end());
    this.http.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.once("close", () => this.sockets.delete(socket));
    });
    this.live.attach(this.http, async (request: IncomingMessage) => {
      if (request.headers["x-trouble"] !== undefined) throw new Error("cannot say");
      if (!this.isSignedIn || request.headers["x-guest"] !== undefined) throw unauthorized();
      return { areNamesShown: this.areNamesShown };
    });
  }

  static async start(redisUrl: string, limits: Partial<LiveLimits> = {}): Promise<LiveServer> {
    const redis = connectRedis([redisUrl], "producer", createLog("test", "silent"));
    await untilReady(redis, [redisUrl], 10_000);
    const server = new LiveServer(redis, limits);
    await new Promise<void>((resolve) => server.http.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get nowMs(): number {
    return this.clockMs;
  }

  get minute(): number {
    return minuteOf(this.clockMs);
  }

  /** Lets time pass, minutes. */
  pass(minutes: number): void {
    this.clockMs += minutes * MINUTE_MS;
  }

  get port(): number {
    return (this.http.address() as AddressInfo).port;
  }

  urlOf(venueId: string): string {
    return `ws://127.0.0.1:${this.port}/v1/venues/${encodeURIComponent(venueId)}/live`;
  }

  open(venueId: string, headers: Record<string, string> = {}, query = ""): MapPage {
    const page = new MapPage(this.urlOf(venueId) + query, headers);
    this.pages.push(page);
    return page;
  }

  async stop(): Promise<void> {
    for (const page of this.pages) page.socket.terminate();
    await this.live.stop();
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
    this.redis.disconnect();
  }
}

/** A fix so many metres from the origin of all tests. */
export function fixAt(deviceId: string, fixTimeMs: number, eastM: number, northM = 0, floor = 0): Fix {
  return {
    deviceId,
    fixTimeMs,
    longitude: ORIGIN.longitude + eastM / metresPerDegreeEast(ORIGIN.latitude),
    latitude: ORIGIN.latitude + northM / metresPerDegreeNorth(ORIGIN.latitude),
    floor,
    accuracyM: 1,
  };
}
