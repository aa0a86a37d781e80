import { area, centerOfMass } from "@turf/turf";
import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from "geojson";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import atlasUrl from "world-atlas/countries-50m.json?url";
import { unwrapped } from "./rings.ts";

type Country = Feature<Polygon | MultiPolygon, { name: string }>;

export interface World {
  readonly countries: FeatureCollection;
  readonly labels: FeatureCollection;
}

/** The world's countries from our own origin, with their names in a language. */
export async function loadWorld(language: string): Promise<World> {
  const topology = (await (await fetch(atlasUrl)).json()) as Topology;
  const { features } = feature(topology, topology.objects.countries as GeometryCollection<{ name: string }>);
  const countries = features as Country[];
  return {
    countries: { type: "FeatureCollection", features: countries.flatMap(partsOf) },
    labels: { type: "FeatureCollection", features: countries.map((country) => label(country, language)) },
  };
}

/** Every island by itself, without a jump from one end of the map to the other. */
function partsOf({ geometry }: Country): Feature<Polygon>[] {
  const parts = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  return parts.map((rings) => polygon(rings.map(unwrapped)));
}

function label(country: Country, language: string): Feature {
  const shape = largestPart(country);
  return {
    type: "Feature",
    geometry: centerOfMass(shape).geometry,
    properties: { name: nameOf(country, language), size: Math.round(area(shape) / 1e9) },
  };
}

function largestPart(country: Country): Feature<Polygon> {
  return partsOf(country).reduce((largest, part) => (area(part) > area(largest) ? part : largest));
}

function polygon(coordinates: Position[][]): Feature<Polygon> {
  return { type: "Feature", geometry: { type: "Polygon", coordinates }, properties: {} };
}

/** The atlas numbers countries as ISO 3166 does; the browser knows the numbers' letters and the letters' names. */
function nameOf(country: Country, language: string): string {
  try {
    const { region } = new Intl.Locale(`und-${String(country.id).padStart(3, "0")}`);
    if (region === undefined) return country.properties.name;
    return new Intl.DisplayNames(language, { type: "region" }).of(region) ?? country.properties.name;
  } catch {
    return country.properties.name;
  }
}
