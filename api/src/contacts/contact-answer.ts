import type { VenueRecord } from "@encounter/core/service/venue-store";
import type { Breather } from "../breather.ts";
import { type ContactQuery, cursorAfter } from "../query/contact-query.ts";
import type { ContactScope } from "../query/contact-selection.ts";
import type { ApiServices } from "../services.ts";
import { ContactDetails } from "./contact-details.ts";
import type { Subject } from "./contact-finder.ts";
import { CONTACT_FORMATS } from "./contact-format.ts";
import type { ContactPlace } from "./contact-order.ts";
import type { Listed } from "./shortlist.ts";

const CONTACTS_PER_TURN = 64;

/** A contact query with whom it is about. */
export interface ContactAnswer {
  readonly record: VenueRecord;
  readonly scope: ContactScope;
  /** Null for a device that was never seen. */
  readonly subject: Subject | null;
  readonly query: ContactQuery;
  /** Members of the answer that name its venue and device. */
  readonly facts: Readonly<Record<string, string>>;
  readonly isClosestTold: boolean;
}

/** An answer's pieces, and where its page ends if there is another. */
export interface AnswerPieces {
  readonly last: ContactPlace | null;
  readonly pieces: AsyncIterable<string>;
}

/** Finds a page of contacts, or all of them as they are sent, and lays the answer out. */
export async function answerPieces(
  services: ApiServices,
  answer: ContactAnswer,
  breather: Breather,
): Promise<AnswerPieces> {
  const { subject, query } = answer;
  const { selection, limit, after } = query;
  if (limit === null || subject === null) {
    const all = subject === null ? [] : services.finder.export(subject, selection, after, breather);
    return { last: null, pieces: lay(services, answer, breather, all, null) };
  }
  const found = await services.finder.find(subject, selection, limit + 1, after, breather);
  const page = found.slice(0, limit);
  const last = found.length > limit ? (page.at(-1) ?? null) : null;
  return { last, pieces: lay(services, answer, breather, [page], last) };
}

async function* lay(
  { redis, metrics }: ApiServices,
  { record, scope, query, facts, isClosestTold }: ContactAnswer,
  breather: Breather,
  pages: AsyncIterable<readonly Listed[]> | Iterable<readonly Listed[]>,
  last: ContactPlace | null,
): AsyncGenerator<string> {
  const { selection, path } = query;
  const format = CONTACT_FORMATS[query.format];
  const telling = { closest: isClosestTold, path, proximityDm: selection.proximityDm };
  yield format.head({
    ...facts,
    from: selection.fromMs,
    to: selection.toMs,
    proximity: selection.proximityDm / 10,
    min_minutes: selection.minMinutes,
  });
  let separator = "";
  for await (const page of pages) {
    for (const [index, listed] of page.entries()) {
      if (index % CONTACTS_PER_TURN === 0) await breather.pause();
      const text = format.contact(new ContactDetails(redis, record.keys, breather, listed), telling);
      if (typeof text === "string") yield separator + text;
      else {
        yield separator;
        yield* text;
      }
      separator = format.separator;
    }
    metrics.contactsGiven(page.length);
  }
  yield format.tail(last === null ? null : cursorAfter(scope, selection, last));
}
