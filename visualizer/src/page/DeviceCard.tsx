import { texts } from "../language/language.ts";
import { type Partner, partnersOf } from "../live/partners.ts";
import { roomAt } from "../plan/plan.ts";
import type { MapState } from "../state/map-state.ts";
import { stateOf } from "./device-state.ts";
import { SideFrame } from "./SideFrame.tsx";
import { ageText, metresText } from "./wording.ts";

/** The selected device: where it is, how well that is known, and whom it is near to. */
export function DeviceCard({ state, name }: { state: MapState; name: string }) {
  state.beat.value;
  const words = texts.value;
  const { table, view } = state;
  const index = table.indexOf(name);
  const present = index >= 0 && view.isPresent(index);
  const partners = present ? partnersOf(table, view, index, state.thresholds.value) : [];
  return (
    <SideFrame label={words.deviceCard(name)} title={name} close={() => state.select(null)}>
      {present ? <Facts state={state} index={index} /> : <p class="soft">{words.noDevicesYet}</p>}
      {present && (
        <>
          <h3>{words.nearNow}</h3>
          {partners.length === 0 ? (
            <p class="soft">{words.nobodyNear}</p>
          ) : (
            <Partners state={state} partners={partners} />
          )}
        </>
      )}
    </SideFrame>
  );
}

function Facts({ state, index }: { state: MapState; index: number }) {
  const words = texts.value;
  const { table } = state;
  const look = stateOf(state.view, index);
  const { longitude, latitude } = table.placeOf(index);
  const floor = table.floor[index]!;
  const room = roomAt(state.plan.value ?? null, longitude, latitude, floor);
  const accuracy = metresText(table.accuracyM[index]!, words.code);
  return (
    <>
      <p class={`device-state look-${look}`}>
        <span class="look" aria-hidden="true" />
        {words.deviceState[look]}
      </p>
      <dl class="facts">
        <dt>{words.room}</dt>
        <dd>{room ?? "–"}</dd>
        <dt>{words.floor}</dt>
        <dd>{state.floorLabel(floor)}</dd>
        <dt>{words.accuracy}</dt>
        <dd>± {accuracy} m</dd>
        <dt>{words.lastFix}</dt>
        <dd>{words.ago(ageText(state.shownTimeMs() - table.fixTimeMs[index]!, words))}</dd>
      </dl>
    </>
  );
}

function Partners({ state, partners }: { state: MapState; partners: readonly Partner[] }) {
  const words = texts.value;
  return (
    <ul class="partners">
      {partners.map(({ device, minutes, contact, certain }) => (
        <li key={device}>
          <button
            type="button"
            onClick={() => {
              state.select(state.table.names[device] ?? null);
            }}
          >
            <span class={`stroke ${contact ? "stroke-contact" : "stroke-near"} ${certain ? "" : "stroke-possible"}`} />
            <span class="partner-name">{state.table.names[device]}</span>
            <span class="partner-detail">
              {words.minutes(minutes)} · {certain ? words.certain : words.possible}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
