import type { FixShown, PathMinute } from "@encounter/core/wire/contacts";
import { batch, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { texts } from "../language/language.ts";
import { metresText } from "../page/wording.ts";
import { roomAt } from "../plan/plan.ts";
import type { MapState } from "../state/map-state.ts";
import { PAGE_ROWS, Pager, pageWithin } from "../table/Pager.tsx";
import { hourText } from "../window/zoned-time.ts";
import type { ContactMinutes } from "./contact-minutes.ts";

interface Props {
  readonly state: MapState;
  readonly device: string;
  readonly other: string;
  readonly minutes: ContactMinutes;
}

/** The minutes of a contact. The one that is chosen is shown on the map; arrow keys walk through them. */
export function MinuteList({ state, device, other, minutes }: Props) {
  const words = texts.value.page;
  const path = minutes.path.value;
  const turned = useSignal<number | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const chosen = path?.findIndex(({ minute }) => minute === state.minute.value) ?? -1;
  const page = pageWithin(turned.value ?? Math.floor(Math.max(0, chosen) / PAGE_ROWS), path?.length ?? 0);
  const shown = path?.slice(page * PAGE_ROWS, (page + 1) * PAGE_ROWS) ?? [];
  const ready = path !== null;
  useEffect(() => {
    if (ready) list.current?.focus({ preventScroll: true });
  }, [ready]);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [chosen, page]);

  function choose(index: number): void {
    const point = path?.[index];
    if (point === undefined) return;
    batch(() => {
      turned.value = null;
      state.minute.value = point.minute;
      if (state.floor.peek() !== point.self.floor) state.chosenFloor.value = point.self.floor;
    });
  }

  function walk(event: KeyboardEvent): void {
    const last = (path?.length ?? 0) - 1;
    const steps: Record<string, number> = { ArrowDown: chosen + 1, ArrowUp: chosen - 1, Home: 0, End: last };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(Math.min(last, Math.max(0, to)));
  }

  if (minutes.trouble.value !== null) {
    return (
      <p class="trouble" role="alert">
        {words.failed(minutes.trouble.value)}
      </p>
    );
  }
  if (path === null) return <p class="soft">{words.loading}</p>;
  if (path.length === 0) return <p class="soft">{words.noMinutes}</p>;
  return (
    <>
      <div
        class="minutes"
        ref={list}
        role="listbox"
        tabIndex={0}
        aria-label={words.minutesOf(device, other)}
        aria-activedescendant={chosen >= 0 ? `minute-${path[chosen]!.minute}` : undefined}
        onKeyDown={walk}
      >
        {shown.map((point, offset) => (
          <Minute
            key={point.minute}
            state={state}
            point={point}
            names={[device, other]}
            chosen={page * PAGE_ROWS + offset === chosen}
            choose={() => choose(page * PAGE_ROWS + offset)}
          />
        ))}
      </div>
      <Pager
        rows={path.length}
        page={page}
        turn={(to) => {
          turned.value = to;
        }}
      />
      <p class="soft hint">{words.minutesHint}</p>
    </>
  );
}

interface MinuteProps {
  readonly state: MapState;
  readonly point: PathMinute;
  readonly names: readonly [string, string];
  readonly chosen: boolean;
  readonly choose: () => void;
}

function Minute({ state, point, names, chosen, choose }: MinuteProps) {
  const words = texts.value;
  const { minute, distance, gap, certain } = point;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list box around it has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the list box around it has the focus
    <div
      class="minute"
      id={`minute-${minute}`}
      role="option"
      aria-selected={chosen}
      data-minute={minute}
      onClick={choose}
    >
      <span class="minute-time">{hourText(minute * 60_000, state.timeZone.value, words.code)}</span>
      <span class="minute-apart">
        {words.page.apart(metresText(distance, words.code))}
        <small>{words.page.gap(metresText(gap, words.code))}</small>
      </span>
      <span class={`verdict ${certain ? "verdict-certain" : ""}`}>{certain ? words.certain : words.possible}</span>
      <Whereabouts state={state} name={names[0]} fix={point.self} />
      <Whereabouts state={state} name={names[1]} fix={point.other} />
    </div>
  );
}

function Whereabouts({ state, name, fix }: { state: MapState; name: string; fix: FixShown }) {
  const words = texts.value;
  const room = roomAt(state.plan.value ?? null, fix.longitude, fix.latitude, fix.floor);
  const floor = words.floorNumber(fix.floor);
  return (
    <span class="whereabouts">
      <b>{name}</b>
      <span>
        ± {metresText(fix.accuracy, words.code)} m · {room === null ? floor : `${room}, ${floor}`}
      </span>
    </span>
  );
}
