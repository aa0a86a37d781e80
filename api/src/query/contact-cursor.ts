import { createHash } from "node:crypto";
import type { ContactPlace } from "../contacts/contact-order.ts";
import { badRequest } from "../http/api-error.ts";
import type { ContactScope, ContactSelection } from "./contact-selection.ts";

/** Where a page of contacts ended, and of which query it was: a default such as now stays what it was. */
export interface ContactCursor {
  readonly selection: ContactSelection;
  readonly after: ContactPlace;
}

/** The cursor as opaque text. */
export function writeCursor(scope: ContactScope, { selection, after }: ContactCursor): string {
  const { fromMs, toMs, proximityDm, minMinutes, certainOnly } = selection;
  const { startMinute, deviceId, other } = after;
  const numbers = [fromMs, toMs, proximityDm, minMinutes, certainOnly ? 1 : 0, startMinute];
  return Buffer.from(JSON.stringify([labelOf(scope), ...numbers, deviceId, other])).toString("base64url");
}

/** Reads what {@link writeCursor} wrote for the same scope. @throws ApiError where it is anything else */
export function readCursor(scope: ContactScope, text: string): ContactCursor {
  const values = parse(text);
  const [label, fromMs, toMs, proximityDm, minMinutes, certain, startMinute, deviceId, other] = values;
  const numbers = [fromMs, toMs, proximityDm, minMinutes, certain, startMinute];
  const isCursor =
    values.length === 9 &&
    numbers.every(Number.isSafeInteger) &&
    typeof deviceId === "string" &&
    typeof other === "string";
  if (!isCursor || label !== labelOf(scope)) {
    throw badRequest("cursor must be the next_cursor of an answer to the same query");
  }
  const [from, to, proximity, minutes, certainOnly, start] = numbers as number[] as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    selection: { fromMs: from, toMs: to, proximityDm: proximity, minMinutes: minutes, certainOnly: certainOnly === 1 },
    after: { startMinute: start, deviceId, other },
  };
}

function parse(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function labelOf({ venueId, deviceId }: ContactScope): string {
  return createHash("sha256")
    .update(JSON.stringify([venueId, deviceId]))
    .digest("base64url")
    .slice(0, 8);
}
