import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { type Texts, texts } from "../language/language.ts";
import { roomAt } from "../plan/plan.ts";
import type { MapState } from "../state/map-state.ts";
import { stateOf } from "./device-state.ts";
import { ageText, metresText } from "./wording.ts";

/** As in the style sheet: only the rows in sight exist, and where they are follows from this. */
const ROW_PX = 30;
const SPARE_ROWS = 4;

interface Props {
  readonly state: MapState;
  /** Indices in the table, in order. */
  readonly devices: readonly number[];
  readonly choose: (name: string) => void;
  readonly list: RefObject<HTMLDivElement | null>;
}

/** A list of any length, walked with the arrow keys. */
export function DeviceRows({ state, devices, choose, list }: Props) {
  const words = texts.value;
  const top = useSignal(0);
  const heightPx = useSignal(600);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => {
      heightPx.value = list.current?.clientHeight ?? 600;
    });
    observer.observe(list.current!);
    return () => observer.disconnect();
  }, [list, heightPx]);

  const first = Math.max(0, Math.floor(top.value / ROW_PX) - SPARE_ROWS);
  const last = Math.min(devices.length, Math.ceil((top.value + heightPx.value) / ROW_PX) + SPARE_ROWS);
  const selectedIndex = state.selected.value === null ? -1 : state.table.indexOf(state.selected.value);
  const selectedRow = devices.indexOf(selectedIndex);

  function move(event: KeyboardEvent): void {
    const row = rowAfter(event.key, selectedRow, devices.length, Math.floor(heightPx.value / ROW_PX));
    if (row === null) return;
    event.preventDefault();
    reveal(list.current!, row);
    choose(state.table.names[devices[row]!]!);
  }

  return (
    <>
      <div class="row row-head" aria-hidden="true">
        <span>{words.devices}</span>
        <span>{words.room}</span>
        <span>{words.accuracyColumn}</span>
        <span>{words.seen}</span>
      </div>
      <div
        class="rows"
        ref={list}
        role="listbox"
        tabIndex={0}
        aria-label={words.devices}
        aria-activedescendant={selectedRow >= first && selectedRow < last ? `device-${selectedIndex}` : undefined}
        onScroll={(event) => {
          top.value = event.currentTarget.scrollTop;
        }}
        onKeyDown={move}
      >
        <div class="rows-height" role="presentation" style={{ height: `${devices.length * ROW_PX}px` }}>
          {devices.slice(first, last).map((device, offset) => (
            <Row
              key={device}
              state={state}
              device={device}
              row={first + offset}
              rows={devices.length}
              selected={device === selectedIndex}
              choose={choose}
            />
          ))}
        </div>
      </div>
      {devices.length === 0 && <p class="soft no-rows">{emptyWords(state, words)}</p>}
    </>
  );
}

function emptyWords(state: MapState, words: Texts): string {
  if (!state.filled.value) return "";
  return state.summary.value.devices === 0 ? words.noDevicesYet : words.noMatch;
}

interface RowProps {
  readonly state: MapState;
  readonly device: number;
  readonly row: number;
  readonly rows: number;
  readonly selected: boolean;
  readonly choose: (name: string) => void;
}

function Row({ state, device, row, rows, selected, choose }: RowProps) {
  const words = texts.value;
  const { table, view } = state;
  const name = table.names[device]!;
  const look = stateOf(view, device);
  const contacts = view.contactCount(device);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list box around it has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the list box around it has the focus
    <div
      class={`row look-${look}`}
      id={`device-${device}`}
      role="option"
      aria-selected={selected}
      aria-setsize={rows}
      aria-posinset={row + 1}
      style={{ transform: `translateY(${row * ROW_PX}px)` }}
      onClick={() => choose(name)}
    >
      <span class="row-name">
        <span class="look" />
        <span class="row-text">{name}</span>
        <span class="unseen">, {words.deviceState[look]},</span>
        {contacts > 0 && (
          <span class="count" aria-hidden="true" title={words.contactsBadge(contacts)}>
            {contacts}
          </span>
        )}
      </span>
      <span class="row-place">{placeOf(state, device)}</span>
      <span class="row-number" aria-hidden="true">
        {metresText(table.accuracyM[device]!, words.code)}
      </span>
      <span class="row-number" aria-hidden="true">
        {ageText(state.shownTimeMs() - table.fixTimeMs[device]!, words)}
      </span>
    </div>
  );
}

function placeOf(state: MapState, device: number): string {
  const { table } = state;
  const floor = table.floor[device]!;
  const { longitude, latitude } = table.placeOf(device);
  const room = roomAt(state.plan.value ?? null, longitude, latitude, floor);
  if (floor === state.floor.value) return room ?? "–";
  return room === null ? texts.value.floorNumber(floor) : `${state.floorLabel(floor)} · ${room}`;
}

/** Where a key leads from a row, or null for a key that leads nowhere. */
function rowAfter(key: string, row: number, rows: number, page: number): number | null {
  const steps: Record<string, number> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: page,
    PageUp: -page,
    Home: -rows,
    End: rows,
  };
  const step = steps[key];
  if (step === undefined || rows === 0) return null;
  return Math.min(rows - 1, Math.max(0, row + step));
}

function reveal(list: HTMLElement, row: number): void {
  const topPx = row * ROW_PX;
  if (topPx < list.scrollTop) list.scrollTop = topPx;
  else if (topPx + ROW_PX > list.scrollTop + list.clientHeight) list.scrollTop = topPx + ROW_PX - list.clientHeight;
}
