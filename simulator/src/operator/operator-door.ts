import type { Venue, VenueChange } from "@encounter/core/wire/venue";

/** The operators' door refused or did not answer; the message says what to do about it. */
export class OperatorDoorError extends Error {
  readonly status: number | null;

  /** @param status the HTTP status, null where no answer came */
  constructor(message: string, status: number | null) {
    super(message);
    this.name = "OperatorDoorError";
    this.status = status;
  }
}

/** A gateway key just made: `key` is shown this once. */
export interface GatewayKey {
  readonly id: string;
  readonly key: string;
}

/** A contact as the venue's list gives it. */
export interface ListedContact {
  readonly device_id: string;
  readonly other: string;
  readonly start: number;
  readonly end: number;
  readonly minutes: number;
  readonly certain_minutes: number;
}

/** A minute's fix as the replay of a minute gives it. */
export interface ListedFix {
  readonly device_id: string;
  readonly timestamp: number;
  readonly latitude: number;
  readonly longitude: number;
  readonly floor: number;
  readonly accuracy: number;
}

interface Page {
  readonly contacts: readonly ListedContact[];
  readonly next_cursor: string | null;
}

const TIMEOUT_MS = 60_000;
const PAGE_LIMIT = 1_000;

/** The operators' door, as far as load testers need it. Every call throws {@link OperatorDoorError} on trouble. */
export class OperatorDoor {
  private readonly url: string;
  private readonly token: string;

  constructor(url: string, token: string) {
    this.url = url.replace(/\/+$/, "");
    this.token = token;
  }

  /** The venue's settings, null where there is no such venue. */
  async venue(venueId: string): Promise<Venue | null> {
    try {
      return (await this.call("GET", venuePath(venueId))) as Venue;
    } catch (error) {
      if (error instanceof OperatorDoorError && error.status === 404) return null;
      throw error;
    }
  }

  /** Creates or changes a venue. */
  async putVenue(venueId: string, change: VenueChange): Promise<void> {
    await this.call("PUT", venuePath(venueId), change);
  }

  /** @param plan GeoJSON in the contract's form */
  async putPlan(venueId: string, plan: unknown): Promise<void> {
    await this.call("PUT", `${venuePath(venueId)}/plan`, plan);
  }

  async createKey(venueId: string, name: string): Promise<GatewayKey> {
    return (await this.call("POST", `${venuePath(venueId)}/keys`, { name })) as GatewayKey;
  }

  async deleteKey(venueId: string, id: string): Promise<void> {
    await this.call("DELETE", `${venuePath(venueId)}/keys/${encodeURIComponent(id)}`);
  }

  /** Accepted fixes that the contacts do not reflect yet. */
  async unevaluatedFixes(venueId: string): Promise<number> {
    const status = (await this.call("GET", `${venuePath(venueId)}/status`)) as { unevaluated_fixes: number };
    return status.unevaluated_fixes;
  }

  /** The fixes that count for contacts in a minute. */
  async minuteFixes(venueId: string, minute: number): Promise<readonly ListedFix[]> {
    const answer = (await this.call("GET", `${venuePath(venueId)}/minutes/${minute}`)) as { fixes: ListedFix[] };
    return answer.fixes;
  }

  /** Every contact of a venue that overlaps `[fromMs, toMs)`, page by page. */
  async *contacts(venueId: string, fromMs: number, toMs: number, certain: boolean): AsyncGenerator<ListedContact> {
    const query = `from=${fromMs}&to=${toMs}&certain=${certain}&limit=${PAGE_LIMIT}`;
    let cursor: string | null = "";
    while (cursor !== null) {
      const next: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page = (await this.call("GET", `${venuePath(venueId)}/contacts?${query}${next}`)) as Page;
      yield* page.contacts;
      cursor = page.next_cursor;
    }
  }

  private async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await this.fetch(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new OperatorDoorError(troubleOf(method, path, response.status, text), response.status);
    return text === "" ? null : JSON.parse(text);
  }

  private async fetch(method: string, path: string, body: unknown): Promise<Response> {
    try {
      return await fetch(`${this.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${this.token}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (error) {
      const cause = (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).message;
      throw new OperatorDoorError(`nothing answers at ${this.url} (${cause}). Is the api service running?`, null);
    }
  }
}

function venuePath(venueId: string): string {
  return `/v1/venues/${encodeURIComponent(venueId)}`;
}

function troubleOf(method: string, path: string, status: number, text: string): string {
  if (status === 401) return `the operator token was refused (HTTP 401 for ${method} ${path})`;
  let message = text.slice(0, 200);
  try {
    message = (JSON.parse(text) as { error?: { message?: string } }).error?.message ?? message;
  } catch {
    // Not JSON: the text itself has to do.
  }
  return `${method} ${path} was answered with HTTP ${status}: ${message}`;
}
