import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { Logger } from "@encounter/core/service/log";
import { LIVE_CLOSE_REASON } from "@encounter/core/wire/live";
import { WebSocketServer } from "ws";
import type { WatchGuard } from "../access/watch-guard.ts";
import { ApiError } from "../http/api-error.ts";
import { CloseCode } from "./close-code.ts";
import type { LiveVenue } from "./live-venue.ts";
import { type Look, type LookTexts, readLook } from "./look.ts";
import { BAD_PATH, NO_SUCH_PATH, NO_SUCH_VENUE, type Refusal, refusalOf, refuse, UNAVAILABLE } from "./refusal.ts";
import { Viewer } from "./viewer.ts";

const PATH = /^\/v1\/venues\/([^/]+)\/live$/;
/** Viewers have little to say: by which measure they want their lines. */
const PAYLOAD_BYTES_MAX = 1_024;

export interface LiveDoorLimits {
  /** Most viewers of the process. */
  readonly viewersMax: number;
  /** How often a viewer is asked for a sign of life, ms. */
  readonly pingMs: number;
  /** How often it is checked that a viewer still may watch, ms. */
  readonly recheckMs: number;
}

export interface LiveDoorDependencies {
  readonly log: Logger;
  readonly limits: LiveDoorLimits;
  readonly guard: WatchGuard;
  /** The venue of an id, or null where there is none. Rejects while Redis is away. */
  readonly findVenue: (venueId: string) => Promise<LiveVenue | null>;
}

/** Who is let in looks at a venue, by a measure, with or without devices' names. */
interface Admission {
  readonly venue: LiveVenue;
  readonly venueId: string;
  readonly look: Look;
  readonly areNamesShown: boolean;
}

/** Lets viewers in: `GET /v1/venues/{venue}/live`, upgraded to a WebSocket. */
export class LiveDoor {
  private readonly http: Server;
  private readonly dependencies: LiveDoorDependencies;
  private readonly server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: PAYLOAD_BYTES_MAX,
  });
  private readonly viewers = new Set<Viewer>();
  private readonly timers: NodeJS.Timeout[];
  private isStopping = false;

  constructor(http: Server, dependencies: LiveDoorDependencies) {
    this.http = http;
    this.dependencies = dependencies;
    http.on("upgrade", this.onUpgrade);
    const { pingMs, recheckMs } = dependencies.limits;
    this.timers = [setInterval(() => this.pingAll(), pingMs), setInterval(() => void this.recheckAll(), recheckMs)];
    for (const timer of this.timers) timer.unref();
  }

  get viewerCount(): number {
    return this.viewers.size;
  }

  private readonly onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on("error", () => socket.destroy());
    void this.admit(request).then((admitted) => {
      if (socket.destroyed) return;
      if ("venue" in admitted) this.open(request, socket, head, admitted);
      else refuse(socket, admitted);
    });
  };

  private async admit(request: IncomingMessage): Promise<Admission | Refusal> {
    const encoded = PATH.exec(pathOf(request))?.[1];
    if (encoded === undefined) return NO_SUCH_PATH;
    try {
      const venueId = decoded(encoded);
      const { areNamesShown } = await this.dependencies.guard(request, venueId ?? "");
      if (venueId === null) return BAD_PATH;
      const venue = await this.dependencies.findVenue(venueId);
      if (venue === null) return NO_SUCH_VENUE;
      return { venue, venueId, look: readLook(queryOf(request), venue.cap), areNamesShown };
    } catch (error) {
      if (error instanceof ApiError) return refusalOf(error);
      this.dependencies.log.warn({ reason: (error as Error).message }, "a viewer could not be let in");
      return UNAVAILABLE;
    }
  }

  private open(request: IncomingMessage, socket: Duplex, head: Buffer, admission: Admission): void {
    const { venue, venueId, look, areNamesShown } = admission;
    this.server.handleUpgrade(request, socket, head, (webSocket) => {
      const viewer = new Viewer(webSocket, { request, venueId, areNamesShown }, look);
      if (this.isStopping) return viewer.close(CloseCode.restarting, "restarting");
      if (this.viewers.size >= this.dependencies.limits.viewersMax) {
        return viewer.close(CloseCode.overloaded, "too many viewers");
      }
      this.viewers.add(viewer);
      viewer.onClose(() => this.viewers.delete(viewer));
      venue.join(viewer);
    });
  }

  private pingAll(): void {
    for (const viewer of this.viewers) viewer.ping();
  }

  private async recheckAll(): Promise<void> {
    await Promise.all([...this.viewers].map((viewer) => this.recheck(viewer)));
  }

  /** Closes a viewer's socket where it may not watch any more, or not in this way. */
  private async recheck(viewer: Viewer): Promise<void> {
    const { request, venueId, areNamesShown } = viewer.admission;
    try {
      const now = await this.dependencies.guard(request, venueId);
      if (now.areNamesShown === areNamesShown) return;
      viewer.close(CloseCode.credentialDead, LIVE_CLOSE_REASON.rightsChanged);
    } catch (error) {
      // While the store is away nobody is signed out.
      if (!(error instanceof ApiError) || error.status >= 500) return;
      const reason = error.status === 401 ? LIVE_CLOSE_REASON.signedOut : LIVE_CLOSE_REASON.rightsChanged;
      viewer.close(CloseCode.credentialDead, reason);
    }
  }

  /** Lets nobody in any more, and closes all sockets; those that do not answer the close are cut. */
  async stop(graceMs: number): Promise<void> {
    this.isStopping = true;
    this.http.off("upgrade", this.onUpgrade);
    for (const timer of this.timers) clearInterval(timer);
    const closed = [...this.viewers].map((viewer) => new Promise<void>((resolve) => viewer.onClose(resolve)));
    for (const viewer of this.viewers) viewer.close(CloseCode.restarting, "restarting");
    const cut = setTimeout(() => {
      for (const viewer of this.viewers) viewer.terminate();
    }, graceMs);
    await Promise.all(closed);
    clearTimeout(cut);
  }
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "/").replace(/[?#].*$/s, "");
}

function queryOf(request: IncomingMessage): LookTexts {
  const query = new URLSearchParams(/\?([^#]*)/.exec(request.url ?? "")?.[1]);
  return { proximity: query.get("proximity") ?? undefined, certain: query.get("certain") ?? undefined };
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
