import type { MapSettings } from "@encounter/core/wire/map-settings";

/** What lies beneath the plan: our own outline of the world, somebody's style, or an archive of tiles. */
export type BaseChoice =
  | { readonly kind: "own" }
  /** @property token for Mapbox, whose engine then draws it */
  | { readonly kind: "style"; readonly url: string; readonly token: string | undefined }
  | { readonly kind: "archive"; readonly url: string };

export const OWN_BASE: BaseChoice = { kind: "own" };

/**
 * The base that the configuration asks for: a style, else an archive, else Mapbox's own for who has a token.
 * @param isDark asked only where there is a style for either
 */
export function chooseBase(settings: MapSettings["map"], isDark: () => boolean): BaseChoice {
  const { style_url: style, pmtiles_url: archive } = settings;
  const token = settings.mapbox_token || undefined;
  if (style) return { kind: "style", url: style, token };
  if (archive) return { kind: "archive", url: archive };
  if (token === undefined) return OWN_BASE;
  return { kind: "style", url: `mapbox://styles/mapbox/${isDark() ? "dark" : "light"}-v11`, token };
}
