import { useEffect, useMemo } from "preact/hooks";
import { texts } from "../language/language.ts";
import { SideFrame } from "../page/SideFrame.tsx";
import { Standing } from "../page/Standing.tsx";
import type { MapState } from "../state/map-state.ts";
import { WindowChoice } from "../window/WindowChoice.tsx";
import { AccuracyChart } from "./AccuracyChart.tsx";
import { ContactNumbers } from "./ContactNumbers.tsx";
import { ContactTable } from "./ContactTable.tsx";
import { ContactWhy } from "./ContactWhy.tsx";
import { ContactTableView, placeOf } from "./contact-table-view.ts";
import { DeviceActions } from "./DeviceActions.tsx";
import { DeviceNow } from "./DeviceNow.tsx";
import { DeviceHistory } from "./device-history.ts";
import { usePrinting } from "./PrintSheet.tsx";

/** All about one device: now, over a window, and each of its contacts minute by minute. */
export function DevicePage({ state, name }: { state: MapState; name: string }) {
  const words = texts.value;
  const history = useMemo(() => new DeviceHistory(state, name), [state, name]);
  useEffect(() => history.start(), [history]);
  usePrinting(state, history);
  const view = useMemo(() => new ContactTableView(), []);
  const other = state.other.value;
  return (
    <SideFrame label={words.deviceCard(name)} title={name} kind="device" close={() => state.select(null)}>
      <DeviceNow state={state} name={name} brief={other !== null} />
      {other === null ? (
        <Overview state={state} history={history} view={view} />
      ) : (
        <ContactWhy key={other} state={state} history={history} other={other} view={view} />
      )}
    </SideFrame>
  );
}

interface OverviewProps {
  readonly state: MapState;
  readonly history: DeviceHistory;
  readonly view: ContactTableView;
}

function Overview({ state, history, view }: OverviewProps) {
  const words = texts.value.page;
  const answer = history.answer.value;
  return (
    <>
      <DeviceActions state={state} history={history} />
      <h3>{words.over}</h3>
      <WindowChoice state={state} />
      <Standing question={history} />
      {answer !== null && (
        <div class={history.loading.value ? "outdated" : ""}>
          <ContactNumbers state={state} answer={answer} />
          <AccuracyChart state={state} answer={answer} />
          <ContactTable
            state={state}
            contacts={answer.contacts}
            view={view}
            choose={(contact) => {
              view.current.value = placeOf(contact);
              state.other.value = contact.other;
            }}
          />
        </div>
      )}
    </>
  );
}
