import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { toAnchored } from "@encounter/core/wire/live";
import { type WebSocket, WebSocketServer } from "ws";
import { type FrameContent, frameBytes } from "./live-frames.ts";

const DIST = fileURLToPath(new URL("../dist/", import.meta.url));
const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".woff2": "font/woff2",
};
/** No stricter one can be asked of a page with a worker and pictures drawn in it. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob:; worker-src 'self'; connect-src 'self'; base-uri 'none'";

export const ANCHOR = { longitude: 13.4, latitude: 52.5 };

/** A device for the stage: metres from the anchor. */
export interface Actor {
  readonly name: string;
  readonly eastM: number;
  readonly northM: number;
  readonly floor?: number;
  readonly accuracyM?: number;
  readonly ageMs?: number;
}

export interface Line {
  readonly a: number;
  readonly b: number;
  readonly minutes: number;
  readonly reachM?: number;
}

/** A square of a plan, as its corners' metres from the anchor. */
export function square(
  kind: string,
  floor: number,
  eastM: number,
  northM: number,
  sideM: number,
  name?: string,
): object {
  const scale = toAnchored(ANCHOR, ANCHOR.longitude + 1e-3, ANCHOR.latitude + 1e-3);
  const at = (east: number, north: number) => [
    ANCHOR.longitude + (east / scale.eastM) * 1e-3,
    ANCHOR.latitude + (north / scale.northM) * 1e-3,
  ];
  const [east, north] = [eastM + sideM, northM + sideM];
  const ring = [at(eastM, northM), at(east, northM), at(east, north), at(eastM, north), at(eastM, northM)];
  const properties = { kind, floor, ...(name === undefined ? {} : { name }) };
  return { type: "Feature", properties, geometry: { type: "Polygon", coordinates: [ring] } };
}

/** Serves the built map, and says of one venue what a test has it say. */
export class StageServer {
  config: object = { map: {} };
  plan: object[] = [];
  actors: Actor[] = [];
  lines: Line[] = [];
  signedIn = true;
  /** Files besides the map's own, by their paths; they are answered in ranges. */
  readonly files = new Map<string, Uint8Array>();
  /** Paths that were asked for, in order. */
  readonly asked: string[] = [];
  private server!: Server;
  private sockets!: WebSocketServer;
  private port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts, on the same port as before if there was one. */
  async start(): Promise<void> {
    this.server = createServer((request, response) => void this.answer(request, response));
    this.sockets = new WebSocketServer({ noServer: true });
    this.server.on("upgrade", (request, socket, head) => {
      if (this.signedIn) this.sockets.handleUpgrade(request, socket, head, (viewer) => this.greet(viewer));
      else socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
    });
    this.server.listen(this.port, "127.0.0.1");
    await once(this.server, "listening");
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const viewer of this.sockets.clients) viewer.terminate();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Sends a change to all who watch. */
  tell(content: FrameContent): void {
    const bytes = frameBytes({ timeMs: Date.now(), ...content });
    for (const viewer of this.sockets.clients) viewer.send(bytes);
  }

  private greet(viewer: WebSocket): void {
    const settings = { proximity: 5, min_minutes: 5, cap: 10, time_zone: "Europe/Berlin", name: "Stage" };
    viewer.send(JSON.stringify({ type: "hello", venue_id: "stage", anchor: ANCHOR, plan_revision: 1, ...settings }));
    const names = this.actors.map(({ name }) => name);
    const fixes = this.actors.map((actor, device) => ({ device, ...actor }));
    viewer.send(frameBytes({ snapshot: true, timeMs: Date.now(), names, fixes, lines: this.lines }));
    const heartbeat = setInterval(() => viewer.send(frameBytes({ timeMs: Date.now() })), 1_000);
    viewer.on("close", () => clearInterval(heartbeat));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", this.url);
    this.asked.push(pathname);
    const file = this.files.get(pathname);
    if (file !== undefined) answerRange(file, request, response);
    else if (pathname.startsWith("/v1/")) this.answerCall(pathname, response);
    else await this.answerFile(pathname === "/" ? "index.html" : pathname, response);
  }

  private answerCall(pathname: string, response: ServerResponse): void {
    const venue = {
      venue_id: "stage",
      name: "Stage",
      time_zone: "Europe/Berlin",
      proximity: 5,
      min_minutes: 5,
      cap: 10,
      place: ANCHOR,
    };
    const answers: Record<string, object> = {
      "/v1/config": this.config,
      "/v1/venues": { venues: [venue] },
      "/v1/venues/stage/plan": { type: "FeatureCollection", features: this.plan },
      "/v1/venues/stage/status": { devices_online: this.actors.length },
    };
    const body = this.signedIn ? answers[pathname] : undefined;
    response.writeHead(body === undefined ? (this.signedIn ? 404 : 401) : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(body ?? { error: { code: "refused", message: "no" } }));
  }

  private async answerFile(pathname: string, response: ServerResponse): Promise<void> {
    try {
      const content = await readFile(path.join(DIST, pathname));
      const type = TYPES[path.extname(pathname)] ?? "application/octet-stream";
      response.writeHead(200, { "content-type": type, "content-security-policy": POLICY }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  }
}

function answerRange(file: Uint8Array, { headers }: IncomingMessage, response: ServerResponse): void {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
  if (from === undefined) {
    response.writeHead(200, { "content-length": file.length }).end(file);
    return;
  }
  const part = file.subarray(Number(from), Number(to) + 1);
  const range = `bytes ${from}-${Number(from) + part.length - 1}/${file.length}`;
  response.writeHead(206, { "content-range": range, "content-length": part.length }).end(part);
}
