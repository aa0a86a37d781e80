import { useEffect } from "preact/hooks";
import { texts } from "../language/language.ts";
import { besideLink } from "../state/beside.ts";
import type { MapState } from "../state/map-state.ts";
import { WordPage } from "./WordPage.tsx";

/** What stands in place of a map that one's role does not have: the way to the venue's settings, or to its log. */
export function NoMap({ state }: { state: MapState }) {
  const { manage } = state.rights.value;
  const venueId = state.venueId.value ?? "";
  useEffect(() => {
    location.replace(besideLink(manage ? "manage" : "audit", venueId));
  }, [manage, venueId]);
  return <WordPage title={texts.value.opening} connection="connecting" />;
}
