import type { VenueSettings } from "@encounter/core/wire/venue";
import { CONTACT_FORMATS, type ContactFormatName } from "../contacts/contact-format.ts";
import type { ContactPlace } from "../contacts/contact-order.ts";
import { badRequest } from "../http/api-error.ts";
import { readCursor, writeCursor } from "./contact-cursor.ts";
import type { ContactScope, ContactSelection } from "./contact-selection.ts";
import { readBoolean, readInteger, readProximityDm } from "./number-value.ts";
import { readTimeWindow } from "./time-window.ts";

/** The texts of a contact query, as given. */
export interface ContactQueryTexts {
  readonly from?: string;
  readonly to?: string;
  readonly proximity?: string;
  readonly min_minutes?: string;
  readonly certain?: string;
  readonly path?: string;
  readonly limit?: string;
  readonly cursor?: string;
  readonly format?: string;
}

/** A contact query, read. */
export interface ContactQuery {
  readonly selection: ContactSelection;
  readonly path: boolean;
  /** Contacts of a page, or null for all of them. */
  readonly limit: number | null;
  readonly after: ContactPlace | null;
  readonly format: ContactFormatName;
}

const LIMIT_MAX = 1_000;
const LIMIT_DEFAULT = "100";

/** Reads a contact query; what is absent has the venue's defaults or, on a later page, the cursor's. @throws ApiError */
export function readContactQuery(
  texts: ContactQueryTexts,
  scope: ContactScope,
  settings: VenueSettings,
  nowMs: number,
): ContactQuery {
  const cursor = texts.cursor === undefined ? null : readCursor(scope, texts.cursor);
  const selection = readSelection(texts, settings, nowMs, cursor?.selection ?? null);
  if (cursor !== null) refuseOther(selection, cursor.selection);
  return {
    selection,
    path: texts.path === undefined ? scope.deviceId !== null : readBoolean("path", texts.path),
    limit: texts.limit === "all" ? null : readInteger("limit", texts.limit ?? LIMIT_DEFAULT, 1, LIMIT_MAX),
    after: cursor?.after ?? null,
    format: readFormat(texts.format ?? "json"),
  };
}

/** The cursor of the page after the one that ends at this place. */
export function cursorAfter(scope: ContactScope, selection: ContactSelection, last: ContactPlace): string {
  return writeCursor(scope, { selection, after: last });
}

function readSelection(
  { from, to, proximity, min_minutes: minMinutes, certain }: ContactQueryTexts,
  settings: VenueSettings,
  nowMs: number,
  cursor: ContactSelection | null,
): ContactSelection {
  const fromText = from ?? cursor?.fromMs.toString();
  const toText = to ?? cursor?.toMs.toString();
  const proximityText = proximity ?? String(cursor === null ? settings.proximity : cursor.proximityDm / 10);
  return {
    ...readTimeWindow({ from: fromText, to: toText }, nowMs),
    proximityDm: readProximityDm(proximityText, settings.cap),
    minMinutes: readInteger("min_minutes", minMinutes ?? String(cursor?.minMinutes ?? settings.min_minutes), 1, 1440),
    certainOnly: certain === undefined ? (cursor?.certainOnly ?? false) : readBoolean("certain", certain),
  };
}

function refuseOther(asked: ContactSelection, of: ContactSelection): void {
  const isSame = (Object.keys(of) as (keyof ContactSelection)[]).every((name) => asked[name] === of[name]);
  if (isSame) return;
  throw badRequest(
    "cursor is of another query: repeat from, to, proximity, min_minutes and certain, or leave them out",
  );
}

function readFormat(text: string): ContactFormatName {
  if (Object.hasOwn(CONTACT_FORMATS, text)) return text as ContactFormatName;
  throw badRequest(`format must be one of ${Object.keys(CONTACT_FORMATS).join(", ")}`);
}
