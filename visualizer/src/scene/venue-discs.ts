import type { Feature, FeatureCollection } from "geojson";
import type { MapEngine, PointerPlace } from "../engine/engine.ts";
import type { MapState } from "../state/map-state.ts";

const REACH_PX = 22;

/** Venues as points with a count, for a map that looks at many of them from afar. */
export function venueDiscs(state: MapState): FeatureCollection {
  const features: Feature[] = [];
  for (const venue of state.venues.value) {
    const place = venue.place;
    if (place === null) continue;
    const own = venue.venue_id === state.venueId.value;
    const count = own ? state.summary.value.devices : null;
    const radiusPx = count === null ? 7 : 9 + 2.6 * String(count).length;
    features.push({
      type: "Feature",
      geometry: { type: "Point", coordinates: [place.longitude, place.latitude] },
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
  for (const { venue_id, place } of state.venues.peek()) {
    if (place === null) continue;
    const at = engine.project(place.longitude, place.latitude);
    if (Math.hypot(at.xPx - xPx, at.yPx - yPx) < REACH_PX) return venue_id;
  }
  return null;
}
