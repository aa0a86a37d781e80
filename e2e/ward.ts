import type { WireFix } from "@encounter/core/wire/fix";
import { area, placeAt } from "./metres.ts";
import { sendInOrder } from "./sender.ts";
import type { System } from "./system.ts";

export const WARD = "ward";

const PLAN = {
  type: "FeatureCollection",
  features: [
    area("floor", 0, "Ground", [-30, -20, 30, 20]),
    area("room", 0, "Ward A", [-28, -18, -2, 18]),
    area("room", 0, "Lounge", [2, -18, 28, 18]),
  ],
};

interface Meeting {
  readonly a: string;
  readonly b: string;
  /** Minutes after the history's first. */
  readonly from: number;
  readonly minutes: number;
  readonly apartM: number;
  readonly accuracyM: number;
}

/** Who met whom. Fay was near Emil before Emil was near Dora, so nothing leads from Ada to Fay, though Fay leads to Dora. */
const MEETINGS: readonly Meeting[] = [
  { a: "Ada", b: "Ben", from: 0, minutes: 10, apartM: 2, accuracyM: 0.5 },
  { a: "Emil", b: "Fay", from: 20, minutes: 11, apartM: 2, accuracyM: 0.5 },
  { a: "Ada", b: "Cleo", from: 30, minutes: 7, apartM: 5, accuracyM: 1 },
  { a: "Ben", b: "Dora", from: 50, minutes: 7, apartM: 3, accuracyM: 1.2 },
  { a: "Dora", b: "Emil", from: 60, minutes: 11, apartM: 2.5, accuracyM: 1 },
  { a: "Ada", b: "Ben", from: 100, minutes: 20, apartM: 1.5, accuracyM: 0.8 },
  { a: "Ada", b: "Gus", from: 130, minutes: 3, apartM: 1, accuracyM: 0.5 },
];

/** The history's first minute: ten hours ago. */
export function firstMinuteOf(nowMs: number): number {
  return Math.floor(nowMs / 60_000) - 600;
}

function fixesOf(nowMs: number): WireFix[] {
  const first = firstMinuteOf(nowMs);
  return MEETINGS.flatMap(({ a, b, from, minutes, apartM, accuracyM }, row) =>
    Array.from({ length: minutes }, (_, i) => i).flatMap((i) =>
      [a, b].map((device_id, side) => ({
        device_id,
        venue_id: WARD,
        timestamp: (first + from + i) * 60_000 + 5_000,
        position: { ...placeAt(-20 + row * 6 + side * apartM, 0), floor: 0, accuracy: accuracyM },
      })),
    ),
  );
}

/** Makes the ward with its history. @returns its gateway key */
export async function makeWard(system: System, nowMs: number): Promise<string> {
  const key = await system.newVenue(WARD, { name: "Ward", time_zone: "Europe/Berlin", proximity: 5, min_minutes: 5 });
  await system.json(`/v1/venues/${WARD}/plan`, { method: "PUT", body: JSON.stringify(PLAN) });
  const fixes = fixesOf(nowMs).sort((a, b) => a.timestamp - b.timestamp);
  await sendInOrder(() => system.ingestUrl, key, fixes, 500);
  return key;
}
