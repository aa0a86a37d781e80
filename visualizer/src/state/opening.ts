import type { PasswordSignIn, SessionInfo } from "@encounter/core/wire/accounts";
import { nameCase } from "../access/case-reference.ts";
import { rightsIn } from "../access/rights.ts";
import { backoffMs } from "../server/backoff.ts";
import { SignedOut } from "../server/requests.ts";
import { fetchSession, type SignInTrouble, signInWith } from "../server/sign-in.ts";
import { fetchMapConfig, fetchVenues, signOut, type Venue } from "../server/venues.ts";
import type { MapState } from "./map-state.ts";

const NEW_VENUES_MS = 5_000;
const CHANGED_VENUES_MS = 60_000;

/** Brings the page from nothing to a venue, and keeps the list of venues fresh. */
export class Opening {
  private readonly state: MapState;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private attempt = 0;

  constructor(state: MapState) {
    this.state = state;
  }

  /** Asks for everything there is to start with; tries again by itself where nobody answers. */
  async start(): Promise<void> {
    clearTimeout(this.timer);
    try {
      const [config, venues, session] = await Promise.all([fetchMapConfig(), fetchVenues(), fetchSession()]);
      this.meet(session);
      // A new object would be a new map.
      if (JSON.stringify(config) !== JSON.stringify(this.state.config.peek())) this.state.config.value = config;
      this.attempt = 0;
      this.take(venues);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Opens a session and then the map; says why not where that does not succeed. */
  async signIn(proof: { token: string } | PasswordSignIn): Promise<SignInTrouble | null> {
    const trouble = await signInWith(proof);
    if (trouble === null) await this.start();
    return trouble;
  }

  private meet(session: SessionInfo): void {
    const { state } = this;
    // Somebody else traces for another case.
    if (state.session.peek().name !== session.name && state.phase.peek() === "sign-in") nameCase(null);
    if (JSON.stringify(session) !== JSON.stringify(state.session.peek())) state.session.value = session;
  }

  /** Ends the session; the map closes with it. */
  async signOut(): Promise<void> {
    await signOut();
    nameCase(null);
    this.state.watchesWithoutNames.value = false;
    clearTimeout(this.timer);
    this.state.signedOut();
  }

  private take(venues: readonly Venue[]): void {
    const { state } = this;
    const sorted = [...venues].sort((a, b) => a.name.localeCompare(b.name) || (a.venue_id < b.venue_id ? -1 : 1));
    if (JSON.stringify(sorted) !== JSON.stringify(state.venues.peek())) state.venues.value = sorted;
    const known = venues.some(({ venue_id }) => venue_id === state.venueId.peek());
    // Most come for a map: a venue that has one for them is the first.
    const session = state.session.peek();
    const first = (sorted.find(({ venue_id }) => rightsIn(session, venue_id).watch) ?? sorted[0])?.venue_id ?? null;
    // A link that names no venue may still say all else.
    if (state.venueId.peek() === null) state.venueId.value = first;
    else if (!known) state.goTo(first);
    state.phase.value = sorted.length === 0 ? "no-venues" : "map";
    this.timer = setTimeout(() => void this.start(), sorted.length === 0 ? NEW_VENUES_MS : CHANGED_VENUES_MS);
  }

  private fail(error: unknown): void {
    const { state } = this;
    if (error instanceof SignedOut) {
      state.signedOut();
      return;
    }
    // A map that is already open has its own way of saying that the server is away.
    if (state.phase.peek() !== "map") {
      state.phase.value = "unreachable";
      state.connection.value = "lost";
    }
    this.timer = setTimeout(() => void this.start(), 300 + backoffMs(this.attempt++, Math.random()));
  }
}
