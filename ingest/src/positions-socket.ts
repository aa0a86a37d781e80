import { type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { CredentialCache } from "@encounter/core/service/credential-cache";
import type { Grant } from "@encounter/core/service/credential-store";
import type { Logger } from "@encounter/core/service/log";
import { FRAME_BYTES_MAX } from "@encounter/core/wire/frame";
import { WebSocketServer } from "ws";
import { bearerOf, PROTOCOL } from "./bearer.ts";
import { CloseCode } from "./close-code.ts";
import { DeviceSocket, type DeviceSocketDependencies } from "./device-socket.ts";

export const POSITIONS_PATH = "/v1/positions";

/** Each socket is pinged this often; a twentieth of them a second. */
const PING_INTERVAL_S = 20;

export interface PositionsSocketDependencies extends DeviceSocketDependencies {
  readonly credentials: CredentialCache;
  readonly socketsMax: number;
  readonly log: Logger;
}

/** The WebSocket half of the devices' door. */
export class PositionsSocketDoor {
  private readonly dependencies: PositionsSocketDependencies;
  private readonly server: WebSocketServer;
  private readonly sockets = new Map<DeviceSocket, number>();
  private readonly pingTimer: NodeJS.Timeout;
  private pingRound = 0;
  private socketsOpened = 0;
  private isStopping = false;

  constructor(http: Server, dependencies: PositionsSocketDependencies) {
    this.dependencies = dependencies;
    this.server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: FRAME_BYTES_MAX,
      handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
    });
    this.server.on("headers", (headers) => {
      headers.push(`Encounter-Epoch: ${dependencies.epoch() ?? ""}`);
    });
    http.on("upgrade", (request, socket, head) => {
      socket.on("error", () => socket.destroy());
      void this.upgrade(request, socket, head);
    });
    this.pingTimer = setInterval(() => this.pingSome(), 1_000);
    this.pingTimer.unref();
  }

  get socketCount(): number {
    return this.sockets.size;
  }

  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (new URL(request.url ?? "/", "http://door").pathname !== POSITIONS_PATH) return refuse(socket, 404, {});
    if (request.method !== "GET") return refuse(socket, 405, {});
    const token = bearerOf(request);
    if (token === null) return refuse(socket, 401, { "WWW-Authenticate": "Bearer" });
    let grant: Grant | null;
    try {
      grant = await this.dependencies.credentials.freshGrantFor(token);
    } catch (error) {
      this.dependencies.log.warn({ reason: (error as Error).message }, "credential could not be checked");
      return refuse(socket, 503, { "Retry-After": "2" });
    }
    if (grant === null) return refuse(socket, 401, { "WWW-Authenticate": "Bearer" });
    if (this.dependencies.epoch() === null) return refuse(socket, 503, { "Retry-After": "2" });
    this.accept(request, socket, head, token, grant);
  }

  private accept(request: IncomingMessage, socket: Duplex, head: Buffer, token: string, grant: Grant): void {
    this.server.handleUpgrade(request, socket, head, (webSocket) => {
      if (this.isStopping) return webSocket.close(CloseCode.restarting, "restarting");
      if (this.sockets.size >= this.dependencies.socketsMax) {
        return webSocket.close(CloseCode.overloaded, "too many sockets");
      }
      const device = new DeviceSocket(webSocket, socket, grant, this.dependencies);
      this.sockets.set(device, this.socketsOpened++ % PING_INTERVAL_S);
      const unwatch = this.dependencies.credentials.watch(token, () => {
        void device.finish(CloseCode.credentialDead, "credential expired or revoked");
      });
      webSocket.once("close", () => {
        unwatch();
        this.sockets.delete(device);
      });
    });
  }

  private pingSome(): void {
    this.pingRound = (this.pingRound + 1) % PING_INTERVAL_S;
    for (const [device, round] of this.sockets) if (round === this.pingRound) device.ping();
  }

  /** Reads no new frames, answers those read, and closes every socket with 1012. */
  async stop(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.pingTimer);
    await Promise.all([...this.sockets.keys()].map((device) => device.finish(CloseCode.restarting, "restarting")));
  }
}

function refuse(socket: Duplex, status: number, headers: Record<string, string>): void {
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, "Connection: close", "Content-Length: 0"];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  socket.end(`${lines.join("\r\n")}\r\n\r\n`);
}
