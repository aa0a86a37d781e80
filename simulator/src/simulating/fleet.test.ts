import { fixTrouble } from "@encounter/core/wire/fix";
import { parseFrame } from "@encounter/core/wire/frame";
import { describe, expect, test } from "vitest";
import { builtInPlan } from "../world/building.ts";
import { LocalFrame } from "../world/local-frame.ts";
import { Fleet, type FleetPlan } from "./fleet.ts";

const building = builtInPlan();
const START_MS = 1_700_000_000_000;

function plan(changes: Partial<FleetPlan> = {}): FleetPlan {
  const venueIds = changes.venueIds ?? ["demo"];
  return {
    venueIds,
    premises: venueIds.map(() => ({ plan: building, frame: new LocalFrame(8.55, 47.37), buildings: 1 })),
    devices: 12,
    firstDevice: 1,
    devicePrefix: "device-",
    intervalMs: 15_000,
    jitter: 0.1,
    accuracy: "lognormal:1.2,0.4",
    inside: 0.95,
    seed: 42,
    ...changes,
  };
}

/** What a fleet measures in its first minutes, device by device. */
function measured(fleet: Fleet, count = 20) {
  return Array.from({ length: fleet.size }, (_, device) =>
    Array.from({ length: count }, () => fleet.measure(device, fleet.nextReportMs(device), START_MS, 0)),
  );
}

describe("a fleet", () => {
  test("moves, errs and reports the same for the same seed, and otherwise for another", () => {
    expect(measured(new Fleet(plan()))).toEqual(measured(new Fleet(plan())));
    expect(measured(new Fleet(plan()))).not.toEqual(measured(new Fleet(plan({ seed: 43 }))));
  });

  test("is the same device by device when two processes share it", () => {
    const whole = new Fleet(plan({ devices: 10 }));
    const rest = new Fleet(plan({ devices: 4, firstDevice: 7 }));
    expect(rest.deviceId(0)).toBe(whole.deviceId(6));
    const strip = (fixes: ReturnType<typeof measured>) => fixes.map((list) => list.map(({ device: _, ...fix }) => fix));
    expect(strip(measured(rest))).toEqual(strip(measured(whole)).slice(6));
  });

  test("spreads its devices over venues, and all ids differ", () => {
    const fleet = new Fleet(plan({ venueIds: ["a", "b", "c"] }));
    const venues = Array.from({ length: fleet.size }, (_, device) => fleet.venueOf(device));
    for (const venue of [0, 1, 2]) expect(venues.filter((other) => other === venue).length).toBe(4);
    expect(new Set(venues.map((_, device) => fleet.deviceId(device))).size).toBe(12);
  });

  test("writes frames that the wire reads, fix by fix, with ids that need quoting", () => {
    const fleet = new Fleet(plan({ venueIds: ['a "b" \\'], devicePrefix: 'd"é' }));
    const fixes = measured(fleet, 1).flat();
    const frame = parseFrame(fleet.encode("17", fixes));
    if ("trouble" in frame) throw new Error(frame.trouble);
    expect(frame.batch).toBe("17");
    expect(frame.fixes.map(fixTrouble)).toEqual(fixes.map(() => null));
    expect(frame.fixes[3]).toEqual({
      device_id: fleet.deviceId(3),
      venue_id: 'a "b" \\',
      timestamp: fixes[3]!.fixTimeMs,
      position: {
        latitude: fixes[3]!.latitude,
        longitude: fixes[3]!.longitude,
        floor: fixes[3]!.floor,
        accuracy: fixes[3]!.accuracyM,
      },
    });
  });
});
