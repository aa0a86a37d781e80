import { type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { CredentialCache } from "@encounter/core/service/credential-cache";
import type { Grant } from "@encounter/core/service/credential-store";
import type { Logger } from "@encounter/core/service/log";
import { Occupancy } from "@encounter/core/service/occupancy";
import { endWith } from "@encounter/core/service/refused-socket";
import { FRAME_BYTES_MAX } from "@encounter/core/wire/frame";
import { type ServerOptions, WebSocketServer } from "ws";
import { bearerOf, PROTOCOL } from "./bearer.ts";
import { CloseCode } from "./close-code.ts";
import { DeviceSocket, type DeviceSocketDependencies } from "./device-socket.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";

export const POSITIONS_PATH = "/v1/positions";

/** Sockets are pinged by turns, in so many of them. */
const PING_ROUNDS = 20;
/** Pieces of a frame, by fragments and by chunks of the network: each costs more memory than the bytes it holds. */
const PIECES_PER_FRAME_MAX = 4_096;

export interface PositionsSocketDependencies extends DeviceSocketDependencies {
  readonly credentials: CredentialCache;
  /** Takes one of the handshakes of the client's address; false where it has used them up. */
  readonly takeJoin: (request: IncomingMessage) => boolean;
  readonly log: Logger;
}

/** An HTTP answer instead of an upgrade. */
interface UpgradeRefusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

const UNAUTHORIZED: UpgradeRefusal = { status: 401, headers: { "WWW-Authenticate": "Bearer" } };
const UNAVAILABLE: UpgradeRefusal = { status: 503, headers: { "Retry-After": "2" } };
const TOO_MANY: UpgradeRefusal = { status: 429, headers: { "Retry-After": "10" } };

/** The WebSocket half of the devices' door. */
export class PositionsSocketDoor {
  private readonly dependencies: PositionsSocketDependencies;
  private readonly server: WebSocketServer;
  private readonly sockets = new Map<DeviceSocket, number>();
  private readonly occupancy = new Occupancy();
  private readonly pingTimer: NodeJS.Timeout;
  private pingRound = 0;
  private socketsOpened = 0;
  private handshakes = 0;
  private isStopping = false;

  constructor(http: Server, dependencies: PositionsSocketDependencies) {
    this.dependencies = dependencies;
    // ws knows closeTimeout; its types do not yet.
    const options: ServerOptions & { closeTimeout: number } = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: FRAME_BYTES_MAX,
      closeTimeout: dependencies.limits.closeTimeoutMs,
      maxFragments: PIECES_PER_FRAME_MAX,
      maxBufferedChunks: PIECES_PER_FRAME_MAX,
      handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
    };
    this.server = new WebSocketServer(options);
    this.server.on("headers", (headers) => {
      headers.push(`Encounter-Epoch: ${dependencies.epoch() ?? ""}`);
    });
    http.on("upgrade", (request, socket, head) => {
      socket.on("error", () => socket.destroy());
      void this.upgrade(request, socket, head);
    });
    this.pingTimer = setInterval(() => this.lookAtSockets(), dependencies.limits.pingMs / PING_ROUNDS);
    this.pingTimer.unref();
  }

  get socketCount(): number {
    return this.sockets.size;
  }

  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    this.handshakes += 1;
    const token = bearerOf(request);
    const refusal = this.refusalAtSight(request, token);
    const grant = refusal ?? (await this.grantOf(token ?? ""));
    this.handshakes -= 1;
    if (socket.destroyed) return;
    if ("status" in grant) refuse(socket, grant);
    else this.accept(request, socket, head, token ?? "", grant);
  }

  /** What needs no look at the store. */
  private refusalAtSight(request: IncomingMessage, token: string | null): UpgradeRefusal | null {
    if ((request.url ?? "/").split(/[?#]/, 1)[0] !== POSITIONS_PATH) return { status: 404, headers: {} };
    if (request.method !== "GET") return { status: 405, headers: {} };
    if (token === null) return UNAUTHORIZED;
    if (!this.dependencies.takeJoin(request)) return TOO_MANY;
    return this.handshakes > this.dependencies.limits.handshakesMax ? UNAVAILABLE : null;
  }

  private async grantOf(token: string): Promise<Grant | UpgradeRefusal> {
    try {
      const grant = await this.dependencies.credentials.freshGrantFor(token);
      if (grant === null) return UNAUTHORIZED;
      return this.dependencies.epoch() === null ? UNAVAILABLE : grant;
    } catch (error) {
      this.dependencies.log.warn({ reason: (error as Error).message }, "credential could not be checked");
      return UNAVAILABLE;
    }
  }

  private accept(request: IncomingMessage, socket: Duplex, head: Buffer, token: string, grant: Grant): void {
    this.server.handleUpgrade(request, socket, head, (webSocket) => {
      if (this.isStopping) return webSocket.close(CloseCode.restarting, "restarting");
      const trouble = this.takePlace(grant);
      if (trouble !== null) return webSocket.close(CloseCode.overloaded, trouble);
      const device = new DeviceSocket(webSocket, socket, grant, this.dependencies);
      this.sockets.set(device, this.socketsOpened++ % PING_ROUNDS);
      const unwatch = this.dependencies.credentials.watch(token, () => {
        void device.finish(CloseCode.credentialDead, "credential expired or revoked");
      });
      webSocket.once("close", () => {
        unwatch();
        this.sockets.delete(device);
        for (const { name } of this.placesOf(grant)) this.occupancy.leave(name);
      });
    });
  }

  /** Takes a socket's place in all that is counted; where one is full, says which and takes none. */
  private takePlace(grant: Grant): string | null {
    if (this.sockets.size >= this.dependencies.limits.socketsMax) return "too many sockets";
    const places = this.placesOf(grant);
    for (const [index, { name, max, trouble }] of places.entries()) {
      if (this.occupancy.enter(name, max)) continue;
      for (const taken of places.slice(0, index)) this.occupancy.leave(taken.name);
      return trouble;
    }
    return null;
  }

  private placesOf({ venueId, deviceId }: Grant): { name: string; max: number; trouble: string }[] {
    const { socketsPerVenueMax, socketsPerDeviceMax } = this.dependencies.limits;
    const venue = {
      name: JSON.stringify([venueId]),
      max: socketsPerVenueMax,
      trouble: "too many sockets of this venue",
    };
    if (deviceId === null) return [venue];
    const name = JSON.stringify([venueId, deviceId]);
    return [venue, { name, max: socketsPerDeviceMax, trouble: "too many sockets of this device" }];
  }

  private lookAtSockets(): void {
    const nowMs = performance.now();
    this.pingRound = (this.pingRound + 1) % PING_ROUNDS;
    for (const [device, round] of this.sockets) {
      device.check(nowMs);
      if (round === this.pingRound) device.ping();
    }
  }

  /** Reads no new frames, answers those read, and closes every socket with 1012. */
  async stop(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.pingTimer);
    await Promise.all([...this.sockets.keys()].map((device) => device.finish(CloseCode.restarting, "restarting")));
  }
}

function refuse(socket: Duplex, { status, headers }: UpgradeRefusal): void {
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, "Connection: close", "Content-Length: 0"];
  for (const [name, value] of Object.entries({ ...SECURITY_HEADERS, ...headers })) lines.push(`${name}: ${value}`);
  endWith(socket, `${lines.join("\r\n")}\r\n\r\n`);
}
