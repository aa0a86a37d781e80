import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { BaseNotice } from "../base/BaseNotice.tsx";
import { texts } from "../language/language.ts";
import { PastNotice } from "../past/TimeBar.tsx";
import type { TimeMachine } from "../past/time-machine.ts";
import type { MapScene } from "../scene/map-scene.ts";
import type { Absence, Connection } from "../server/live-connection.ts";
import type { MapState } from "../state/map-state.ts";
import { TriedMeasure } from "../view-options/ViewOptions.tsx";
import { clockText } from "../window/zoned-time.ts";
import { useTick } from "./use-tick.ts";

interface Props {
  readonly state: MapState;
  readonly machine: TimeMachine;
  readonly scene: Signal<MapScene | null>;
  readonly retryNow: () => void;
  /** Notes of others, below what has to do with the map as a whole. */
  readonly children?: ComponentChildren;
}

/** What one has to know about what the map shows, above the map. */
export function Notices({ state, machine, scene, retryNow, children }: Props) {
  const failure = scene.value?.failure.value ?? null;
  return (
    <div class="notices">
      {failure !== null && (
        <p class="notice notice-lost" role="alert">
          <strong>{texts.value.outdated}</strong>
          {failure}
        </p>
      )}
      {scene.value !== null && <BaseNotice lost={scene.value.baseLost} />}
      {ABSENT.has(state.connection.value) && <LostNotice state={state} retryNow={retryNow} />}
      <PastNotice state={state} machine={machine} />
      <TriedMeasure state={state} />
      <EmptyNotice state={state} />
      {children}
    </div>
  );
}

const ABSENT: ReadonlySet<Connection> = new Set(["lost", "busy"]);

function LostNotice({ state, retryNow }: Pick<Props, "state" | "retryNow">) {
  const words = texts.value;
  const lostAtMs = state.lostAtMs.value;
  return (
    <div class="notice notice-lost">
      <div>
        <strong>{state.connection.value === "busy" ? words.busy : words.lost}</strong>
        {state.connection.value === "busy" && <p>{words.busyDetail}</p>}
        {lostAtMs !== null && <p>{words.lostDetail(clockText(lostAtMs, state.timeZone.value, words.code))}</p>}
      </div>
      <Retry absence={state.absence.value} retryNow={retryNow} />
    </div>
  );
}

/** What is done about it: waited for the server, tried just now, or tried in a moment. */
function Retry({ absence, retryNow }: { absence: Absence | null } & Pick<Props, "retryNow">) {
  useTick(500);
  const words = texts.value;
  if (absence === "trouble") return <span class="retry">{words.serverTrouble}</span>;
  if (absence === null || absence === "trying") return <span class="retry">{words.retryIn(0)}</span>;
  return (
    <>
      <button type="button" class="plain" onClick={retryNow}>
        {words.retryNow}
      </button>
      <span class="retry" aria-hidden="true">
        {words.retryIn(Math.ceil((absence.retryAtMs - Date.now()) / 1_000))}
      </span>
    </>
  );
}

function EmptyNotice({ state }: { state: MapState }) {
  const words = texts.value;
  const { devices, floors } = state.summary.value;
  const past = state.minute.value !== null;
  const known = past ? state.drawnMinute.value !== null : state.filled.value;
  if (!known || floors.has(state.floor.value)) return null;
  if (devices === 0) return <p class="notice">{past ? words.noDevicesThen : words.noDevicesYet}</p>;
  const [fullest] = [...floors].sort((a, b) => b[1] - a[1])[0]!;
  return (
    <div class="notice">
      <span>{words.emptyFloor}</span>
      <button
        type="button"
        class="plain"
        onClick={() => {
          state.chosenFloor.value = fullest;
        }}
      >
        {words.emptyFloorBut(state.floorLabel(fullest))}
      </button>
    </div>
  );
}
