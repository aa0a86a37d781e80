import { setTimeout as pause } from "node:timers/promises";
import type { Contact } from "@encounter/core/wire/contacts";
import type { DeviceFix } from "@encounter/core/wire/devices";
import type { VenueStatus } from "@encounter/core/wire/status";

export const OPERATOR_TOKEN = "operator-token-of-the-fault-harness";

const ANSWER_MS = 10_000;
const TRY_AGAIN_MS = 200;
/** As long as a door may be away. */
const PATIENCE_MS = 60_000;

/** What an operator asks. A door that is away, or says that the store is, is asked again for a minute. */
export class Operator {
  private readonly apiUrl: () => string;

  constructor(apiUrl: () => string) {
    this.apiUrl = apiUrl;
  }

  /** A call that must succeed at last. */
  async ask<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
    const giveUpMs = performance.now() + PATIENCE_MS;
    for (;;) {
      const answer = await this.tryOnce(path, init);
      if ("value" in answer) return answer.value as Answer;
      if (!answer.isWorthTrying || performance.now() > giveUpMs) {
        throw new Error(`${init.method ?? "GET"} ${path}: ${answer.trouble}`);
      }
      await pause(TRY_AGAIN_MS);
    }
  }

  private async tryOnce(
    path: string,
    init: RequestInit,
  ): Promise<{ value: unknown } | { trouble: string; isWorthTrying: boolean }> {
    const headers = { authorization: `Bearer ${OPERATOR_TOKEN}`, "content-type": "application/json" };
    try {
      const signal = AbortSignal.timeout(ANSWER_MS);
      const response = await fetch(`${this.apiUrl()}${path}`, { ...init, headers, signal });
      const text = await response.text();
      if (response.ok) return { value: text === "" ? undefined : JSON.parse(text) };
      return { trouble: `${response.status} ${text}`, isWorthTrying: response.status >= 500 };
    } catch (error) {
      return { trouble: String((error as Error).cause ?? error), isWorthTrying: true };
    }
  }

  /** Creates a venue. @returns a gateway key for it */
  async newVenue(venueId: string, settings: object = {}): Promise<string> {
    await this.ask(venuePath(venueId), { method: "PUT", body: JSON.stringify(settings) });
    const path = venuePath(venueId, "keys");
    const { key } = await this.ask<{ key: string }>(path, { method: "POST", body: '{"name":"faults"}' });
    return key;
  }

  status(venueId: string): Promise<VenueStatus> {
    return this.ask(venuePath(venueId, "status"));
  }

  async deviceFixes(venueId: string, deviceId: string, fromMs: number, toMs: number): Promise<DeviceFix[]> {
    const path = venuePath(venueId, "devices", deviceId, `fixes?from=${fromMs}&to=${toMs}`);
    return (await this.ask<{ fixes: DeviceFix[] }>(path)).fixes;
  }

  /** Every contact of a venue that lasted a minute or more, page by page. */
  async contacts(venueId: string, fromMs: number, toMs: number, proximityM: number): Promise<Contact[]> {
    const contacts: Contact[] = [];
    let cursor: string | null = null;
    do {
      const query = `from=${fromMs}&to=${toMs}&proximity=${proximityM}&min_minutes=1&limit=1000`;
      const more: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page: { contacts: Contact[]; next_cursor: string | null } = await this.ask(
        venuePath(venueId, `contacts?${query}${more}`),
      );
      contacts.push(...page.contacts);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return contacts;
  }

  /** How many fixes and pairs were evaluated in a window, in all. */
  async activity(venueId: string, fromMs: number, toMs: number): Promise<{ fixes: number; pairs: number }> {
    const step = Math.max(1, Math.ceil((toMs - fromMs) / 60_000 / 1_900));
    const path = venuePath(venueId, `activity?from=${fromMs}&to=${toMs}&step=${step}`);
    const { fixes, pairs } = await this.ask<{ fixes: number[]; pairs: number[] }>(path);
    const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0);
    return { fixes: sum(fixes), pairs: sum(pairs) };
  }
}

function venuePath(venueId: string, ...parts: string[]): string {
  return ["/v1/venues", encodeURIComponent(venueId), ...parts].join("/");
}
