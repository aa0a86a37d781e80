import type { WireFix } from "@encounter/core/wire/fix";
import { area, placeAt } from "./metres.ts";
import { evaluated } from "./replay.ts";
import { sendInOrder } from "./sender.ts";
import type { System } from "./system.ts";

const PLAN = {
  type: "FeatureCollection",
  features: [0, 1].flatMap((floor) => [
    area("floor", floor, floor === 0 ? "Ground" : "Upper", [0, 0, 40, 24]),
    area("room", floor, "Ward", [1, 1, 19, 23]),
    area("room", floor, "Waiting room", [20, 1, 39, 23]),
  ]),
};

const PEOPLE: readonly (readonly [device: string, eastM: number, northM: number, floor: number])[] = [
  ["Tag 1", 8, 8, 0],
  ["Tag 2", 10, 9, 0],
  ["Tag 3", 9, 11, 0],
  ["Tag 4", 28, 12, 0],
  ["Tag 5", 30, 13, 0],
  ["Tag 6", 8, 8, 1],
];

/** Makes a venue with a plan of two floors, and six people who have stood there for ten minutes. */
export async function makeSmallVenue(system: System, venueId: string, name: string): Promise<void> {
  const key = await system.newVenue(venueId, { name, time_zone: "Europe/Berlin" });
  await system.json(`/v1/venues/${venueId}/plan`, { method: "PUT", body: JSON.stringify(PLAN) });
  const nowMs = Date.now();
  const fixes = Array.from({ length: 10 }, (_, ago) =>
    PEOPLE.map(([device_id, eastM, northM, floor]): WireFix => {
      const position = { ...placeAt(eastM, northM), floor, accuracy: 1 };
      return { device_id, venue_id: venueId, timestamp: nowMs - (9 - ago) * 60_000, position };
    }),
  ).flat();
  await sendInOrder(() => system.ingestUrl, key, fixes, 500);
  await evaluated(system, venueId);
}
