import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { toColumns } from "@encounter/core/domain/fix";
import { runsOf } from "@encounter/core/domain/interval";
import { MINUTE_MS, minuteOf } from "@encounter/core/domain/minute";
import { joinWithin } from "@encounter/core/domain/proximity";
import { fixTrouble, type WireFix } from "@encounter/core/wire/fix";
import { parseFrame } from "@encounter/core/wire/frame";
import { encodeFrameError, encodeReply, type Outcome, type Refusal } from "@encounter/core/wire/reply";
import { defaultSettings, type VenueSettings } from "@encounter/core/wire/venue";
import { type WebSocket, WebSocketServer } from "ws";

/** What may go wrong with a frame: refused, or stored or not without the device learning which. */
export type Mishap = "busy" | "unknown and stored" | "unknown and not stored" | "broken off after storing" | "restart";

interface Venue {
  readonly settings: VenueSettings;
  /** By minute and device. */
  readonly minutes: Map<number, Map<string, WireFix>>;
  plan: { features: unknown[] };
}

/**
 * Both doors of the services in one process and in memory, as the contract describes them to outsiders: what the tools
 * are tried against without Redis. What goes wrong is decided by the test.
 */
export class StandIn {
  ingestUrl = "";
  apiUrl = "";
  epoch = "e1";
  /** Every fix in the order in which it arrived, also those that were not stored. */
  readonly arrived: WireFix[] = [];
  readonly venues = new Map<string, Venue>();
  readonly keys = new Map<string, string>();
  frames = 0;
  /** Decides about each frame, numbered from 1. */
  mishapOf: (frame: number) => Mishap | null = () => null;
  /** The operator token it takes. */
  readonly token = "operator";
  private readonly servers: Server[] = [];
  private readonly sockets = new WebSocketServer({ noServer: true });

  async start(): Promise<void> {
    const ingest = createServer((_, response) => response.writeHead(404).end());
    ingest.on("upgrade", (request, socket, head) => {
      const venueId = this.keys.get((request.headers.authorization ?? "").replace("Bearer ", ""));
      if (venueId === undefined) {
        socket.end("HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n");
        return;
      }
      this.sockets.handleUpgrade(request, socket, head, (webSocket) => this.serve(webSocket, venueId));
    });
    this.sockets.on("headers", (headers) => headers.push(`Encounter-Epoch: ${this.epoch}`));
    const api = createServer((request, response) => void this.answer(request, response));
    this.ingestUrl = `ws://127.0.0.1:${await this.listen(ingest)}`;
    this.apiUrl = `http://127.0.0.1:${await this.listen(api)}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets.clients) socket.terminate();
    await Promise.all(this.servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }

  /** Ends all connections as a service does that is restarted. */
  restart(): void {
    for (const socket of this.sockets.clients) socket.close(1012, "restarting");
  }

  /** Loses what was stored for the last minutes, as a failover may, and says so by a new epoch. */
  loseSince(timeMs: number): void {
    for (const { minutes } of this.venues.values()) {
      for (const minute of minutes.keys()) if (minute >= minuteOf(timeMs)) minutes.delete(minute);
    }
    this.epoch = `${this.epoch}+`;
  }

  /** How many fixes count for contacts. */
  stored(venueId: string): number {
    return [...(this.venues.get(venueId)?.minutes.values() ?? [])].reduce((sum, devices) => sum + devices.size, 0);
  }

  private listen(server: Server): Promise<number> {
    this.servers.push(server);
    return new Promise((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
    });
  }

  private serve(socket: WebSocket, venueId: string): void {
    socket.on("message", (data) => {
      const frame = parseFrame(data.toString());
      if ("trouble" in frame) {
        socket.send(encodeFrameError({ code: "bad_frame", message: frame.trouble }, null));
        return;
      }
      const mishap = this.mishapOf(++this.frames);
      if (mishap === "busy") return socket.send(encodeFrameError({ code: "busy", retryAfterMs: 5 }, frame.batch));
      if (mishap === "unknown and not stored") {
        return socket.send(encodeFrameError({ code: "unknown", retryAfterMs: 5 }, frame.batch));
      }
      const reply = this.take(frame.fixes, venueId, frame.batch);
      if (mishap === "unknown and stored") {
        socket.send(encodeFrameError({ code: "unknown", retryAfterMs: 5 }, frame.batch));
      } else if (mishap === "broken off after storing") socket.terminate();
      else socket.send(reply);
      if (mishap === "restart") socket.close(1012, "restarting");
    });
  }

  private take(fixes: readonly unknown[], venueId: string, batch: string | null): string {
    const [repeated, refusals]: [number[], Refusal[]] = [[], []];
    fixes.forEach((fix, index) => {
      const [outcome, reason] = this.judge(fix, venueId);
      if (outcome === "repeated") repeated.push(index);
      else if (outcome !== "accepted") refusals.push({ index, outcome, reason });
    });
    const accepted = fixes.length - repeated.length - refusals.length;
    return encodeReply({ batch, accepted, repeated, refusals }, this.epoch);
  }

  private judge(value: unknown, venueId: string): [Outcome, string] {
    const trouble = fixTrouble(value);
    if (trouble !== null) return ["invalid", trouble];
    const fix = value as WireFix;
    this.arrived.push(fix);
    if (fix.venue_id !== venueId) return ["forbidden", "another venue"];
    const { settings, minutes } = this.venues.get(venueId)!;
    if (fix.timestamp > Date.now() + 2 * MINUTE_MS) return ["early", "ahead of the clock"];
    if (fix.timestamp < Date.now() - settings.retention_days * 86_400_000) return ["late", "older than is kept"];
    if (fix.position.accuracy > settings.max_accuracy) return ["inaccurate", "not accurate enough"];
    const minute = minutes.get(minuteOf(fix.timestamp)) ?? new Map<string, WireFix>();
    minutes.set(minuteOf(fix.timestamp), minute);
    if (minute.has(fix.device_id)) return ["repeated", ""];
    minute.set(fix.device_id, fix);
    return ["accepted", ""];
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request) text += chunk;
    const url = new URL(request.url ?? "", this.apiUrl);
    const [, , , venuePart = "", collection = "", item = ""] = url.pathname.split("/");
    const known = request.headers.authorization === `Bearer ${this.token}`;
    const [status, body] = known
      ? this.route(
          `${request.method} ${collection}`,
          decodeURIComponent(venuePart),
          item,
          url,
          text === "" ? {} : JSON.parse(text),
        )
      : [401, { error: { code: "unauthorized", message: "who are you?" } }];
    response.writeHead(status, { "content-type": "application/json" }).end(status === 204 ? "" : JSON.stringify(body));
  }

  private route(call: string, venueId: string, item: string, url: URL, body: object): [number, unknown] {
    const venue = this.venues.get(venueId);
    if (call === "PUT ") {
      const settings = { ...(venue?.settings ?? defaultSettings(venueId)), ...body };
      this.venues.set(venueId, { minutes: new Map(), plan: { features: [] }, ...venue, settings });
      return [200, { venue_id: venueId, ...settings }];
    }
    if (venue === undefined) return [404, { error: { code: "not_found", message: `there is no venue ${venueId}` } }];
    switch (call) {
      case "GET ":
        return [200, { venue_id: venueId, ...venue.settings }];
      case "PUT plan":
        venue.plan = body as Venue["plan"];
        return [200, body];
      case "POST keys":
        this.keys.set(`key-${this.keys.size}`, venueId);
        return [201, { id: String(this.keys.size - 1), key: `key-${this.keys.size - 1}` }];
      case "DELETE keys":
        this.keys.delete(`key-${item}`);
        return [204, null];
      case "GET status":
        return [200, { devices_online: 0, fixes_per_second: 0, newest_minute: null, unevaluated_fixes: 0 }];
      case "GET minutes":
        return [200, { venue_id: venueId, minute: Number(item), fixes: minuteFixes(venue, Number(item)), pairs: [] }];
      case "GET contacts":
        return [200, contactsPage(venue, url.searchParams)];
      default:
        return [404, { error: { code: "not_found", message: call } }];
    }
  }
}

function minuteFixes(venue: Venue, minute: number) {
  return [...(venue.minutes.get(minute)?.values() ?? [])].map(({ device_id, timestamp, position }) => ({
    device_id,
    timestamp,
    ...position,
  }));
}

/** Contacts as the processor and api would make them: the domain's join and runs, page by page. */
function contactsPage({ settings, minutes }: Venue, query: URLSearchParams) {
  const certain = query.get("certain") === "true";
  const pairs = new Map<string, { all: number[]; sure: number[] }>();
  for (const [minute, devices] of minutes) {
    const fixes = [...devices.values()];
    const columns = toColumns(
      fixes.map(({ position }) => ({ ...position, floor: position.floor ?? 0, accuracyM: position.accuracy })),
    );
    const joined = joinWithin(columns, settings.proximity);
    for (let i = 0; i < joined.count; i++) {
      const key = [fixes[joined.newer[i]!]!.device_id, fixes[joined.older[i]!]!.device_id].sort().join("\n");
      const pair = pairs.get(key) ?? { all: [], sure: [] };
      pairs.set(key, pair);
      pair.all.push(minute);
      if (joined.reachDm[i]! <= settings.proximity * 10) pair.sure.push(minute);
    }
  }
  const contacts = [...pairs].flatMap(([key, { all, sure }]) =>
    runsOf(certain ? sure : all)
      .filter(({ startMinute, endMinute }) => endMinute - startMinute >= settings.min_minutes)
      .map(({ startMinute, endMinute }) => ({
        device_id: key.split("\n")[0],
        other: key.split("\n")[1],
        start: startMinute * MINUTE_MS,
        end: endMinute * MINUTE_MS,
        minutes: endMinute - startMinute,
        certain_minutes: sure.filter((minute) => minute >= startMinute && minute < endMinute).length,
      })),
  );
  const from = Number(query.get("cursor") ?? 0);
  const to = from + Number(query.get("limit"));
  return { contacts: contacts.slice(from, to), next_cursor: to < contacts.length ? String(to) : null };
}
