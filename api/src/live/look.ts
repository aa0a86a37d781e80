import type { LiveLook } from "@encounter/core/wire/live";
import type { Nearness } from "../contacts/run-tracker.ts";
import { readBoolean, readProximityDm } from "../query/number-value.ts";

/** By which measure a viewer wants its lines. */
export interface Look {
  /** Null: whatever the venue's default is. */
  readonly proximityDm: number | null;
  readonly certainOnly: boolean;
}

/** How a viewer looks that did not say. */
export const DEFAULT_LOOK: Look = { proximityDm: null, certainOnly: false };

/** A look as a URL's query has it. */
export interface LookTexts {
  readonly proximity?: string | undefined;
  readonly certain?: string | undefined;
}

/** Reads a look. @throws ApiError naming the allowed range */
export function readLook({ proximity, certain }: LookTexts, capM: number): Look {
  return {
    proximityDm: proximity === undefined ? null : readProximityDm(proximity, capM),
    certainOnly: certain === undefined ? false : readBoolean("certain", certain),
  };
}

/** The look that a viewer's text frame wants, not checked for its range; null where it says anything else. */
export function parseLook(text: string): LookTexts | null {
  const said = parse(text);
  if (said?.type !== "look") return null;
  const { proximity = null, certain = false } = said;
  if ((proximity !== null && typeof proximity !== "number") || typeof certain !== "boolean") return null;
  return { proximity: proximity === null ? undefined : String(proximity), certain: String(certain) };
}

function parse(text: string): Partial<LiveLook> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

/** What counts for a look in a venue of this default. */
export function measureOf({ proximityDm, certainOnly }: Look, defaultDm: number): Nearness {
  return { proximityDm: proximityDm ?? defaultDm, certainOnly };
}

/** A name of a measure: the same for the same one. */
export function measureKey({ proximityDm, certainOnly }: Nearness): string {
  return `${proximityDm}${certainOnly ? " certain" : ""}`;
}
