import { texts } from "../language/language.ts";
import type { MapState } from "../state/map-state.ts";
import type { Opening } from "../state/opening.ts";
import type { WatchList } from "../watch/watch-list.ts";
import { clockText, zoneText } from "../window/zoned-time.ts";
import { Brand } from "./Brand.tsx";
import { FloorChoice } from "./FloorChoice.tsx";
import { LanguageChoice } from "./LanguageChoice.tsx";
import { PanelButtons } from "./PanelButtons.tsx";
import { RoleBadge } from "./RoleBadge.tsx";
import { SignOut } from "./SignOut.tsx";
import { useTick } from "./use-tick.ts";
import { WayLinks } from "./WayLinks.tsx";

interface Props {
  readonly state: MapState;
  readonly opening: Opening;
  readonly watchList: WatchList;
}

/** Where one is, how it stands, and whether it is true. */
export function TopBar({ state, opening, watchList }: Props) {
  return (
    <header class="top-bar">
      <Brand />
      <VenueChoice state={state} />
      <FloorChoice state={state} />
      <PanelButtons state={state} list={watchList} />
      <Numbers state={state} />
      <ConnectionBadge state={state} />
      <Clock state={state} />
      <LanguageChoice />
      <RoleBadge state={state} />
      <div class="ways-out">
        <WayLinks state={state} />
        <SignOut opening={opening} />
      </div>
    </header>
  );
}

function VenueChoice({ state }: { state: MapState }) {
  return (
    <select
      class="venue-choice"
      aria-label={texts.value.venue}
      value={state.venueId.value ?? ""}
      onChange={(event) => state.goTo(event.currentTarget.value)}
    >
      {state.venues.value.map(({ venue_id, name }) => (
        <option key={venue_id} value={venue_id}>
          {name}
        </option>
      ))}
    </select>
  );
}

function Numbers({ state }: { state: MapState }) {
  const words = texts.value;
  const { devices, inContact, stale, contactLines, nearLines } = state.summary.value;
  const numbers = [
    { label: words.devices, value: devices, kind: "all" },
    { label: words.inContact, value: inContact, kind: inContact > 0 ? "contact" : "none" },
    { label: words.stale, value: stale, kind: "stale" },
    {
      label: words.lines,
      value: contactLines + nearLines,
      kind: "lines",
      title: words.linesDetail(contactLines, nearLines),
    },
  ];
  return (
    <dl class="numbers" aria-label={words.numbers}>
      {numbers.map(({ label, value, kind, title }) => (
        <div key={label} class={`number number-${kind}`} title={title}>
          <dt>{label}</dt>
          <dd>{value.toLocaleString(words.code)}</dd>
        </div>
      ))}
    </dl>
  );
}

function ConnectionBadge({ state }: { state: MapState }) {
  const words = texts.value;
  const connection = state.connection.value;
  const text = {
    live: words.live,
    connecting: words.connecting,
    lost: words.lost,
    busy: words.busy,
    "signed-out": words.signedOut,
  };
  return (
    <span class={`badge badge-${connection}`} role="status">
      <span class="lamp" aria-hidden="true" />
      {text[connection]}
    </span>
  );
}

function Clock({ state }: { state: MapState }) {
  useTick(1_000);
  const { code } = texts.value;
  const nowMs = state.serverNowMs();
  const timeZone = state.timeZone.value;
  return (
    <time class="clock" dateTime={new Date(nowMs).toISOString()} title={timeZone}>
      {clockText(nowMs, timeZone, code)} <span class="zone">{zoneText(nowMs, timeZone, code)}</span>
    </time>
  );
}
