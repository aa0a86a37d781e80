import type { LiveHello, MapAnchor } from "@encounter/core/wire/live";
import { batch, computed, signal } from "@preact/signals";
import type { Camera } from "../engine/engine.ts";
import { DeviceTable } from "../live/device-table.ts";
import { FloorView, type Summary, type Thresholds } from "../live/floor-view.ts";
import { ServerClock } from "../live/server-clock.ts";
import type { Plan } from "../plan/plan.ts";
import type { Connection } from "../server/live-connection.ts";
import type { MapConfig, Venue } from "../server/venues.ts";
import { type MapPlace, parsePlace } from "./map-place.ts";

/** What the page as a whole is about. */
export type Phase = "starting" | "unreachable" | "sign-in" | "no-venues" | "map";

const STALE_MS = 60_000;
const LEAVE_MS = 600_000;
/** A little less than the second in which all is built anew, so that no other one is missed. */
const BEAT_MS = 900;
const NOBODY: Summary = { devices: 0, inContact: 0, stale: 0, contactLines: 0, nearLines: 0, floors: new Map() };

/** Everything the page shows, as signals; and the columns behind it, of which {@link revision} tells the changes. */
export class MapState {
  readonly phase = signal<Phase>("starting");
  readonly config = signal<MapConfig>({});
  readonly venues = signal<readonly Venue[]>([]);

  /** What a link holds. */
  readonly venueId = signal<string | null>(null);
  readonly chosenFloor = signal<number | null>(null);
  readonly selected = signal<string | null>(null);
  /** Where the user took the camera; null while it follows the venue. */
  readonly camera = signal<Camera | null>(null);
  /** The minute that is shown, null for live. */
  readonly minute = signal<number | null>(null);

  readonly connection = signal<Connection>("connecting");
  readonly retryAtMs = signal<number | null>(null);
  /** The server's time when the connection was lost. */
  readonly lostAtMs = signal<number | null>(null);
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

  /** Where venues are, as far as they were looked at. */
  readonly places = signal<ReadonlyMap<string, MapAnchor>>(new Map());

  readonly table = new DeviceTable();
  readonly view = new FloorView();
  readonly clock = new ServerClock();

  private beatAtMs = Number.NEGATIVE_INFINITY;

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
  readonly thresholds = computed<Thresholds>(() => {
    const settings = this.hello.value ?? this.venue.value;
    const proximityM = settings?.proximity ?? 5;
    return {
      staleMs: STALE_MS,
      leaveMs: LEAVE_MS,
      minMinutes: settings?.min_minutes ?? 5,
      proximityDm: Math.round(proximityM * 10),
    };
  });
  readonly timeZone = computed(() => this.hello.value?.time_zone ?? this.venue.value?.time_zone ?? "UTC");

  /** Goes to another venue, whole and live. */
  goTo(venueId: string | null): void {
    batch(() => {
      this.chosenFloor.value = null;
      this.selected.value = null;
      this.camera.value = null;
      this.venueId.value = venueId;
    });
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
    this.table.restart({ longitude: 0, latitude: 0 });
    this.touch();
  }

  /** Says that the columns changed. */
  touch(): void {
    this.revision.value = this.revision.peek() + 1;
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
      this.camera.value = place.camera;
      if (place.venue !== null) this.venueId.value = place.venue;
    });
  }

  /** What a link to what is shown now would say. */
  place(): MapPlace {
    const floor = this.filled.value ? this.floor.value : this.chosenFloor.value;
    return { venue: this.venueId.value, floor, device: this.selected.value, camera: this.camera.value };
  }

  /** The server's time now. */
  serverNowMs(): number {
    return this.clock.at(Date.now());
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
