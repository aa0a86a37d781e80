import type { Signal } from "@preact/signals";
import { useSignal } from "@preact/signals";
import { type Texts, texts } from "../language/language.ts";
import type { MapScene } from "../scene/map-scene.ts";
import type { MapState } from "../state/map-state.ts";
import { palette } from "../theme/theme.ts";
import { minuteText } from "../window/zoned-time.ts";
import { csvOf } from "./csv.ts";
import { drawMapSheet, type SheetTexts } from "./map-sheet.ts";
import { fileTime, saveFile } from "./save-file.ts";
import { shownDevices, shownGeoJson, shownLines } from "./shown.ts";

interface Props {
  readonly state: MapState;
  readonly scene: Signal<MapScene | null>;
}

/** What is shown, to take away: as a picture, as tables, as GeoJSON. */
export function TakeAway({ state, scene }: Props) {
  const words = texts.value.takeAway;
  const failed = useSignal(false);
  const actions = [
    { text: words.picture, act: () => savePicture(state, scene.peek()) },
    { text: words.devices, act: () => saveText(state, "devices.csv", "text/csv", csvOf(shownDevices(state))) },
    { text: words.lines, act: () => saveText(state, "lines.csv", "text/csv", csvOf(shownLines(state))) },
    {
      text: words.geoJson,
      act: () => saveText(state, "map.geojson", "application/geo+json", JSON.stringify(shownGeoJson(state))),
    },
  ];
  return (
    <fieldset>
      <legend>{words.title}</legend>
      <div class="take-away">
        {actions.map(({ text, act }) => (
          <button
            key={text}
            type="button"
            class="plain"
            onClick={async () => {
              failed.value = false;
              try {
                await act();
              } catch (error) {
                console.error("Nothing could be saved", error);
                failed.value = true;
              }
            }}
          >
            {text}
          </button>
        ))}
      </div>
      <p class="trouble" role="alert">
        {failed.value ? words.failed : ""}
      </p>
    </fieldset>
  );
}

function saveText(state: MapState, name: string, type: string, content: string): void {
  save(state, name, new Blob([content], { type: `${type};charset=utf-8` }));
}

async function savePicture(state: MapState, scene: MapScene | null): Promise<void> {
  if (scene === null) return;
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const colours = { panel: colour("panel"), text: colour("text"), soft: colour("soft") };
  const sheet = await scene.capture((canvas, credit) =>
    drawMapSheet(canvas, sheetTexts(state, texts.peek(), credit), palette.peek(), colours),
  );
  save(state, "map.png", await sheet.convertToBlob({ type: "image/png" }));
}

function sheetTexts(state: MapState, words: Texts, credit: string): SheetTexts {
  const { minMinutes, proximityDm, certain, staleMs } = state.thresholds.peek();
  const minute = Math.floor((state.shownTimeMs() - (state.minute.peek() === null ? 0 : 60_000)) / 60_000);
  const proximity = (proximityDm / 10).toLocaleString(words.code);
  const stale = Number.isFinite(staleMs) ? [{ look: "stale" as const, text: words.legendStale(staleMs / 1_000) }] : [];
  return {
    title: state.venue.peek()?.name ?? words.title,
    details: [
      words.floorNumber(state.floor.peek()),
      minuteText(minute, state.timeZone.peek(), words.code),
      ...(certain ? [words.view.certain] : []),
    ],
    legend: [
      { look: "contact", text: words.legendContact(minMinutes) },
      { look: "near", text: words.legendNear(proximity, minMinutes) },
      { look: "possible", text: words.legendPossible },
      { look: "alone", text: words.legendRing },
      ...stale,
    ],
    credit,
  };
}

/** Hands a file to the browser, named after the venue and the time that is shown. */
function save(state: MapState, name: string, blob: Blob): void {
  saveFile(`${state.venueId.peek() ?? "venue"}-${fileTime(state.shownTimeMs())}-${name}`, blob);
}
