import { texts } from "../language/language.ts";
import type { MapState } from "../state/map-state.ts";

/** More floors than this do not fit as buttons. */
const MOST_BUTTONS = 7;

/** Which floor is shown: buttons for a few floors, a list for a tower. */
export function FloorChoice({ state }: { state: MapState }) {
  const floors = state.floors.value;
  if (floors.length < 2) return null;
  return floors.length <= MOST_BUTTONS ? (
    <FloorButtons state={state} floors={floors} />
  ) : (
    <FloorList state={state} floors={floors} />
  );
}

function nameOf(state: MapState, floor: number): string {
  const devices = state.summary.value.floors.get(floor) ?? 0;
  const name = state.plan.value?.floorNames.get(floor) ?? texts.value.floorNumber(floor);
  return `${name}, ${texts.value.devicesOnFloor(devices)}`;
}

function FloorButtons({ state, floors }: { state: MapState; floors: readonly number[] }) {
  return (
    <fieldset class="floors">
      <legend class="unseen">{texts.value.floor}</legend>
      {floors.map((floor) => (
        <label key={floor} class="floor" title={nameOf(state, floor)}>
          <input
            type="radio"
            name="floor"
            class="unseen"
            checked={floor === state.floor.value}
            onChange={() => {
              state.chosenFloor.value = floor;
            }}
            aria-label={nameOf(state, floor)}
          />
          <span>{state.floorLabel(floor)}</span>
        </label>
      ))}
    </fieldset>
  );
}

function FloorList({ state, floors }: { state: MapState; floors: readonly number[] }) {
  return (
    <select
      class="floor-list"
      aria-label={texts.value.floor}
      value={String(state.floor.value)}
      onChange={(event) => {
        state.chosenFloor.value = Number(event.currentTarget.value);
      }}
    >
      {floors.map((floor) => (
        <option key={floor} value={String(floor)}>
          {nameOf(state, floor)}
        </option>
      ))}
    </select>
  );
}
