import type { Feature, FeatureCollection } from "geojson";
import type { MapEngine, PointerPlace } from "../engine/engine.ts";
import type { MapState } from "../state/map-state.ts";

const REACH_PX = 22;

/** Venues as points with a count, for a map that looks at many of them from afar. */
export function venueDiscs(state: MapState): FeatureCollection {
  const features: Feature[] = [];
  for (const venue of state.venues.value) {
    const anchor = state.places.value.get(venue.venue_id);
    if (anchor === undefined) continue;
    const own = venue.venue_id === state.venueId.value;
    const count = own ? state.summary.value.devices : null;
    const radiusPx = count === null ? 7 : 9 + 2.6 * String(count).length;
    features.push({
      type: "Feature",
      geometry: { type: "Point", coordinates: [anchor.longitude, anchor.latitude] },
      properties: {
        name: venue.name,
        count: count === null ? "" : String(count),
        radiusPx,
        nameOffset: [(radiusPx + 6) / 13, 0],
      },
    });
  }
  return { type: "FeatureCollection", features };
}

/** The venue whose disc is near a place on the screen, or null. */
export function venueAt(state: MapState, engine: MapEngine, { xPx, yPx }: PointerPlace): string | null {
  for (const [venueId, { longitude, latitude }] of state.places.peek()) {
    const at = engine.project(longitude, latitude);
    if (Math.hypot(at.xPx - xPx, at.yPx - yPx) < REACH_PX) return venueId;
  }
  return null;
}
