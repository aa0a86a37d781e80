import { texts } from "../language/language.ts";
import { PANELS } from "../state/map-place.ts";
import type { MapState } from "../state/map-state.ts";
import type { WatchList } from "../watch/watch-list.ts";

/** Opens and closes what lies beside the map. */
export function PanelButtons({ state, list }: { state: MapState; list: WatchList }) {
  const words = texts.value;
  const waiting = list.waiting.value.length;
  const names = { network: words.networkTitle, watch: words.watch.title, table: words.mapTable.button };
  return (
    <nav class="panel-buttons" aria-label={words.panels}>
      {PANELS.filter((panel) => panel !== "network" || state.traces.value).map((panel) => (
        <button
          key={panel}
          type="button"
          class="panel-button"
          aria-pressed={state.panel.value === panel}
          onClick={() => {
            state.panel.value = state.panel.peek() === panel ? null : panel;
          }}
        >
          {names[panel]}
          {panel === "watch" && waiting > 0 && (
            <span class="count" title={words.watch.waiting(waiting)}>
              {waiting}
            </span>
          )}
        </button>
      ))}
    </nav>
  );
}
