import type { SessionInfo } from "@encounter/core/wire/accounts";
import type { LiveHello } from "@encounter/core/wire/live";
import { batch, computed, signal } from "@preact/signals";
import { caseReference } from "../access/case-reference.ts";
import { OWNER, type Rights, rightsIn } from "../access/rights.ts";
import type { Camera } from "../engine/engine.ts";
import type { DeviceFilter } from "../live/device-list.ts";
import { DeviceTable } from "../live/device-table.ts";
import { FloorView, type Summary, type Thresholds } from "../live/floor-view.ts";
import { ServerClock } from "../live/server-clock.ts";
import type { Plan } from "../plan/plan.ts";
import type { Absence, Connection } from "../server/live-connection.ts";
import type { MapConfig, Venue } from "../server/venues.ts";
import { type LayerName, type MapPlace, type PanelName, parsePlace, USUAL_LAYERS } from "./map-place.ts";
import { Measure, type VenueMeasure } from "./measure.ts";

/** What the page as a whole is about. */
export type Phase = "starting" | "unreachable" | "sign-in" | "no-venues" | "map";

/** Without a fix for so long a device is stale, and has left; s. */
export const STALE_S = 60;
export const LEAVE_S = 600;
/** A little less than the second in which all is built anew, so that no other one is missed. */
const BEAT_MS = 900;
const NOBODY: Summary = { devices: 0, inContact: 0, stale: 0, contactLines: 0, nearLines: 0, floors: new Map() };

/** Everything the page shows, as signals; and the columns behind it, of which {@link revision} tells the changes. */
export class MapState {
  readonly phase = signal<Phase>("starting");
  readonly config = signal<MapConfig>({});
  readonly venues = signal<readonly Venue[]>([]);
  /** Who is signed in. */
  readonly session = signal<SessionInfo>(OWNER);
  /** Whether a tracer who may watch, too, does so without a case. */
  readonly watchesWithoutNames = signal(false);

  /** What a link holds. */
  readonly venueId = signal<string | null>(null);
  readonly chosenFloor = signal<number | null>(null);
  readonly selected = signal<string | null>(null);
  /** Where the user took the camera; null while it follows the venue. */
  readonly camera = signal<Camera | null>(null);
  /** The minute that one asked to see, null for live. */
  readonly minute = signal<number | null>(null);
  /** The past minute that is on the map: the former one while the one that was asked for is on its way. */
  readonly drawnMinute = signal<number | null>(null);
  /** The other device of the contact that is looked into. */
  readonly other = signal<string | null>(null);
  readonly panel = signal<PanelName | null>(null);
  /** Whether the camera goes with the selected device. */
  readonly follows = signal(false);
  readonly query = signal("");
  readonly filter = signal<DeviceFilter>("all");
  readonly staleS = signal<number | null>(null);
  readonly leaveS = signal<number | null>(null);
  /** Null is the usual. */
  readonly chosenLayers = signal<readonly LayerName[] | null>(null);
  /** What tables are about, `[from, to)` ms; null is what was last up to what is shown. */
  readonly windowFrom = signal<number | null>(null);
  readonly windowTo = signal<number | null>(null);
  /** How long the window is where it has no dates of its own, minutes; null is a day. */
  readonly windowMinutes = signal<number | null>(null);

  readonly connection = signal<Connection>("connecting");
  /** Why it is not live; null where it is. */
  readonly absence = signal<Absence | null>(null);
  /** The server's time when the connection was lost. */
  readonly lostAtMs = signal<number | null>(null);
  /** Why the server does not measure live lines as was asked. */
  readonly refusal = signal<string | null>(null);
  readonly hello = signal<LiveHello | null>(null);
  /** Undefined until it is known whether there is one. */
  readonly plan = signal<Plan | null | undefined>(undefined);
  readonly summary = signal<Summary>(NOBODY);
  /** Whether the venue's first snapshot is in. */
  readonly filled = signal(false);
  /** Grows whenever the view was built anew. */
  readonly revision = signal(0);
  /** Grows with it, but once a second at most: for what is read rather than watched. */
  readonly beat = signal(0);

  /** What the live feed says; it goes on while a past minute is shown. */
  readonly liveTable = new DeviceTable();
  /** What the past minute that is shown holds. */
  readonly pastTable = new DeviceTable();
  readonly view = new FloorView();
  readonly clock = new ServerClock();

  private beatAtMs = Number.NEGATIVE_INFINITY;

  readonly rights = computed<Rights>(() => rightsIn(this.session.value, this.venueId.value));
  /** Whether a tracer must name the case first. */
  readonly asksCase = computed(
    () => this.rights.value.needsCase && caseReference.value === null && !this.watchesWithoutNames.value,
  );
  /** Whether devices have their names, and their contacts may be read. */
  readonly traces = computed(
    () => this.rights.value.trace && (!this.rights.value.needsCase || caseReference.value !== null),
  );
  /** Whether somebody came to the map by now, not only to a page beside it: only then they watch, and the log says so. */
  readonly isSought = signal(false);
  /** Whether the venue is to be watched now. */
  readonly watches = computed(
    () => this.isSought.value && this.phase.value === "map" && this.rights.value.watch && !this.asksCase.value,
  );
  readonly venue = computed(() => this.venues.value.find(({ venue_id }) => venue_id === this.venueId.value) ?? null);
  /** The floor that was fullest when the venue was first seen; the map does not follow a crowd around. */
  readonly settledFloor = signal<number | null>(null);
  /** All floors there are to look at, the highest first. */
  readonly floors = computed<readonly number[]>(() => {
    const floors = new Set([...(this.plan.value?.floors ?? []), ...this.summary.value.floors.keys()]);
    if (this.chosenFloor.value !== null) floors.add(this.chosenFloor.value);
    return [...floors].sort((a, b) => b - a);
  });
  /** The chosen floor, else the settled one, else the one nearest the ground. */
  readonly floor = computed<number>(
    () => this.chosenFloor.value ?? this.settledFloor.value ?? nearestGround(this.floors.value),
  );
  readonly measure = new Measure(
    computed<VenueMeasure>(() => {
      const settings = this.hello.value ?? this.venue.value;
      return {
        proximityDm: Math.round((settings?.proximity ?? 5) * 10),
        minMinutes: settings?.min_minutes ?? 5,
        capDm: Math.round((settings?.cap ?? 10) * 10),
      };
    }),
  );
  readonly thresholds = computed<Thresholds>(() => {
    const past = this.minute.value !== null;
    return {
      // All fixes of a past minute are of that minute.
      staleMs: past ? Number.POSITIVE_INFINITY : (this.staleS.value ?? STALE_S) * 1_000,
      leaveMs: past ? Number.POSITIVE_INFINITY : (this.leaveS.value ?? LEAVE_S) * 1_000,
      minMinutes: this.measure.minMinutes.value,
      proximityDm: this.measure.proximityDm.value,
      certain: this.measure.certain.value,
    };
  });
  readonly layers = computed<ReadonlySet<LayerName>>(() => new Set(this.chosenLayers.value ?? USUAL_LAYERS));
  readonly timeZone = computed(() => this.hello.value?.time_zone ?? this.venue.value?.time_zone ?? "UTC");

  /** What is drawn: the live devices, or those of a past minute. */
  get table(): DeviceTable {
    return this.minute.peek() === null ? this.liveTable : this.pastTable;
  }

  /** Goes to another venue, whole and live. */
  goTo(venueId: string | null): void {
    batch(() => {
      this.chosenFloor.value = null;
      this.select(null);
      this.camera.value = null;
      this.minute.value = null;
      this.panel.value = null;
      this.measure.reset();
      this.venueId.value = venueId;
    });
  }

  /** Selects a device and goes to the floor where it is. */
  choose(device: string): void {
    batch(() => {
      const index = this.table.indexOf(device);
      if (index >= 0 && this.table.floor[index] !== this.floor.peek())
        this.chosenFloor.value = this.table.floor[index]!;
      this.select(device);
    });
  }

  /** Looks at a device, or at none. */
  select(device: string | null): void {
    batch(() => {
      if (device !== this.selected.peek()) this.other.value = null;
      if (device === null) this.follows.value = false;
      this.selected.value = device;
    });
  }

  /** Switches a layer of the map on or off. */
  switchLayer(layer: LayerName, on: boolean): void {
    const layers = new Set(this.layers.peek());
    if (on) layers.add(layer);
    else layers.delete(layer);
    const usual = layers.size === USUAL_LAYERS.length && USUAL_LAYERS.every((name) => layers.has(name));
    this.chosenLayers.value = usual ? null : [...layers];
  }

  /** Whoever it was is signed out: the page asks who comes next. */
  signedOut(): void {
    this.connection.value = "signed-out";
    this.phase.value = "sign-in";
  }

  /** Forgets what belongs to the venue that was shown. */
  forgetVenue(): void {
    this.hello.value = null;
    this.plan.value = undefined;
    this.summary.value = NOBODY;
    this.filled.value = false;
    this.settledFloor.value = null;
    this.lostAtMs.value = null;
    this.clock.forget();
    this.liveTable.restart({ longitude: 0, latitude: 0 });
    this.pastTable.restart({ longitude: 0, latitude: 0 });
    this.touch();
  }

  /** Says that the columns changed. */
  touch(): void {
    this.revision.value = this.revision.peek() + 1;
    this.touchTime();
  }

  /** Says that time goes on, whatever is shown. */
  touchTime(): void {
    const nowMs = performance.now();
    if (nowMs - this.beatAtMs < BEAT_MS) return;
    this.beatAtMs = nowMs;
    this.beat.value = this.beat.peek() + 1;
  }

  /** Takes over what a link says. */
  follow(hash: string): void {
    const place = parsePlace(hash);
    batch(() => {
      this.chosenFloor.value = place.floor;
      this.selected.value = place.device;
      this.other.value = place.other;
      this.panel.value = place.panel;
      this.camera.value = place.camera;
      this.follows.value = place.follow && place.device !== null;
      this.minute.value = place.minute;
      this.windowFrom.value = place.from;
      this.windowTo.value = place.to;
      this.windowMinutes.value = place.last;
      this.query.value = place.query;
      this.filter.value = place.filter;
      this.measure.askedProximityDm.value = place.proximityDm;
      this.measure.askedMinMinutes.value = place.minMinutes;
      this.measure.certain.value = place.certain;
      this.staleS.value = place.staleS;
      this.leaveS.value = place.leaveS;
      this.chosenLayers.value = place.layers;
      if (place.venue !== null) this.venueId.value = place.venue;
    });
  }

  /** What a link to what is shown now would say. */
  place(): MapPlace {
    return {
      venue: this.venueId.value,
      floor: this.filled.value ? this.floor.value : this.chosenFloor.value,
      device: this.selected.value,
      other: this.other.value,
      panel: this.panel.value,
      camera: this.follows.value ? null : this.camera.value,
      follow: this.follows.value,
      minute: this.minute.value,
      from: this.windowFrom.value,
      to: this.windowTo.value,
      last: this.windowMinutes.value,
      query: this.query.value,
      filter: this.filter.value,
      proximityDm: this.measure.askedProximityDm.value,
      minMinutes: this.measure.askedMinMinutes.value,
      certain: this.measure.certain.value,
      staleS: this.staleS.value,
      leaveS: this.leaveS.value,
      layers: this.chosenLayers.value,
    };
  }

  /** The server's time now. */
  serverNowMs(): number {
    return this.clock.at(Date.now());
  }

  /** The time that is shown: the server's now, or the end of the past minute. */
  shownTimeMs(): number {
    const asked = this.minute.peek();
    return asked === null ? this.serverNowMs() : ((this.drawnMinute.peek() ?? asked) + 1) * 60_000;
  }

  /** What a floor is called in few letters. */
  floorLabel(floor: number): string {
    const name = this.plan.value?.floorNames.get(floor);
    return name !== undefined && name.length <= 5 ? name : String(floor);
  }
}

function nearestGround(floors: readonly number[]): number {
  return floors.reduce((best, floor) => (Math.abs(floor) < Math.abs(best) ? floor : best), floors[0] ?? 0);
}
