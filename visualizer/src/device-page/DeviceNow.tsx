import { texts } from "../language/language.ts";
import { type Partner, partnersOf } from "../live/partners.ts";
import { stateOf } from "../page/device-state.ts";
import { ageText, metresText } from "../page/wording.ts";
import { roomAt } from "../plan/plan.ts";
import type { MapState } from "../state/map-state.ts";

interface Props {
  readonly state: MapState;
  readonly name: string;
  /** No more than how it stands. */
  readonly brief: boolean;
}

/** Where a device is in the minute that is shown, how well that is known, and whom it is near to. */
export function DeviceNow({ state, name, brief }: Props) {
  state.beat.value;
  state.minute.value;
  const words = texts.value;
  const { table, view } = state;
  const index = table.indexOf(name);
  if (index < 0 || !view.isPresent(index)) {
    return <p class="soft">{state.minute.value === null ? words.page.notHereNow : words.page.notHereThen}</p>;
  }
  const look = stateOf(view, index);
  return (
    <>
      <p class={`device-state look-${look}`}>
        <span class="look" aria-hidden="true" />
        {words.deviceState[look]}
      </p>
      {!brief && <Facts state={state} index={index} />}
      {!brief && <NearNow state={state} partners={partnersOf(table, view, index, state.thresholds.value)} />}
    </>
  );
}

function Facts({ state, index }: { state: MapState; index: number }) {
  const words = texts.value;
  const { table } = state;
  const { longitude, latitude } = table.placeOf(index);
  const floor = table.floor[index]!;
  const room = roomAt(state.plan.value ?? null, longitude, latitude, floor);
  return (
    <dl class="facts">
      <dt>{words.room}</dt>
      <dd>{room ?? "–"}</dd>
      <dt>{words.floor}</dt>
      <dd>{state.floorLabel(floor)}</dd>
      <dt>{words.accuracy}</dt>
      <dd>± {metresText(table.accuracyM[index]!, words.code)} m</dd>
      <dt>{words.lastFix}</dt>
      <dd>{words.ago(ageText(state.shownTimeMs() - table.fixTimeMs[index]!, words))}</dd>
    </dl>
  );
}

function NearNow({ state, partners }: { state: MapState; partners: readonly Partner[] }) {
  const words = texts.value;
  return (
    <>
      <h3>{words.nearNow}</h3>
      {partners.length === 0 && <p class="soft">{words.nobodyNear}</p>}
      <ul class="partners">
        {partners.map(({ device, minutes, contact, certain }) => (
          <li key={device}>
            <button type="button" onClick={() => state.select(state.table.names[device] ?? null)}>
              <span
                class={`stroke ${contact ? "stroke-contact" : "stroke-near"} ${certain ? "" : "stroke-possible"}`}
              />
              <span class="partner-name">{state.table.names[device]}</span>
              <span class="partner-detail">
                {words.minutes(minutes)} · {certain ? words.certain : words.possible}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
