import Type from "typebox";

/** What the map needs to know of the installation. */
export const MapSettings = Type.Object({
  map: Type.Object({
    mapbox_token: Type.Optional(Type.String()),
    style_url: Type.Optional(Type.String()),
    pmtiles_url: Type.Optional(Type.String()),
  }),
});
export type MapSettings = Type.Static<typeof MapSettings>;
