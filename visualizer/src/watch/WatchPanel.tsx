import { useSignal } from "@preact/signals";
import { texts } from "../language/language.ts";
import { SideFrame } from "../page/SideFrame.tsx";
import type { MapState } from "../state/map-state.ts";
import { hourText } from "../window/zoned-time.ts";
import type { ContactEvent } from "./contact-events.ts";
import { askForNotifications, notificationPermission } from "./heralds.ts";
import type { WatchList } from "./watch-list.ts";

interface Props {
  readonly state: MapState;
  readonly list: WatchList;
}

type Choice = "all" | "watched" | "waiting";
/** Rows that are shown; the rest waits behind the filters. */
const MOST_ROWS = 200;

/** Contacts as they come about, and the devices that one wants to be told of. */
export function WatchPanel({ state, list }: Props) {
  const words = texts.value.watch;
  return (
    <SideFrame
      label={words.title}
      title={words.title}
      close={() => {
        state.panel.value = null;
      }}
    >
      <WatchedDevices state={state} list={list} />
      <Telling list={list} />
      <Contacts state={state} list={list} />
    </SideFrame>
  );
}

function WatchedDevices({ state, list }: Props) {
  const words = texts.value.watch;
  const draft = useSignal("");
  const selected = state.selected.value;
  const watched = list.watched.value;
  const add = (name: string) => {
    if (name.trim() !== "") list.watch(name.trim(), true);
    draft.value = "";
  };
  return (
    <section aria-label={words.devices}>
      <h3>{words.devices}</h3>
      <form
        class="watch-add"
        onSubmit={(event) => {
          event.preventDefault();
          add(draft.value);
        }}
      >
        <input
          class="search"
          aria-label={words.addLabel}
          placeholder={words.addLabel}
          maxLength={128}
          value={draft.value}
          onInput={(event) => {
            draft.value = event.currentTarget.value;
          }}
        />
        <button type="submit" class="plain">
          {words.add}
        </button>
      </form>
      {selected !== null && !watched.includes(selected) && (
        <button type="button" class="plain" onClick={() => add(selected)}>
          {words.watchSelected(selected)}
        </button>
      )}
      {watched.length === 0 ? (
        <p class="soft">{words.nobodyWatched}</p>
      ) : (
        <ul class="watched">
          {watched.map((name) => (
            <li key={name}>
              <button type="button" class="watched-name" onClick={() => state.select(name)}>
                {name}
              </button>
              <button
                type="button"
                class="close"
                aria-label={words.stop(name)}
                title={words.stop(name)}
                onClick={() => list.watch(name, false)}
              >
                <svg viewBox="0 0 16 16" aria-hidden="true">
                  <path d="M4 4l8 8M12 4l-8 8" />
                </svg>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Telling({ list }: { list: WatchList }) {
  const words = texts.value.watch;
  const permission = useSignal(notificationPermission());
  return (
    <section class="telling" aria-label={words.telling}>
      <label class="check">
        <input
          type="checkbox"
          checked={list.soundOn.value}
          onChange={(event) => list.switchSound(event.currentTarget.checked)}
        />
        {words.sound}
      </label>
      {permission.value === "default" && (
        <button
          type="button"
          class="plain"
          onClick={async () => {
            permission.value = await askForNotifications();
          }}
        >
          {words.allow}
        </button>
      )}
      {permission.value !== "default" && <p class="soft">{words.permission[permission.value]}</p>}
    </section>
  );
}

function Contacts({ state, list }: Props) {
  const words = texts.value.watch;
  const choice = useSignal<Choice>("all");
  const { value: events } = list.events;
  const waiting = list.waiting.value;
  const chosen = { all: events, watched: events.filter((event) => list.isWatched(event)), waiting }[choice.value];
  return (
    <section aria-label={words.contacts}>
      <h3>{words.contacts}</h3>
      <fieldset class="filters watch-filters">
        <legend class="unseen">{texts.value.filter}</legend>
        {(["all", "watched", "waiting"] as const).map((value) => (
          <label key={value} class="filter">
            <input
              type="radio"
              name="watch-filter"
              class="unseen"
              checked={choice.value === value}
              onChange={() => {
                choice.value = value;
              }}
            />
            <span>{words.choice[value]}</span>
          </label>
        ))}
        {waiting.length > 0 && (
          <button type="button" class="plain" onClick={() => list.acknowledge(waiting)}>
            {words.acknowledgeAll(waiting.length)}
          </button>
        )}
      </fieldset>
      {chosen.length === 0 ? (
        <p class="soft">{words.none}</p>
      ) : (
        <ol class="contact-events">
          {chosen.slice(0, MOST_ROWS).map((event) => (
            <EventRow key={event.id} state={state} list={list} event={event} />
          ))}
        </ol>
      )}
      {chosen.length > MOST_ROWS && <p class="soft">{words.more(chosen.length - MOST_ROWS)}</p>}
    </section>
  );
}

function EventRow({ state, list, event }: Props & { event: ContactEvent }) {
  const { watch: words, code, minutes: minutesText, certain, possible } = texts.value;
  const acknowledged = list.acknowledged.value.has(event.id);
  const from = hourText(event.startMinute * 60_000, state.timeZone.value, code);
  return (
    <li class={event.ended ? "event event-ended" : "event"}>
      <button type="button" class="event-pair" onClick={() => lookInto(state, event)}>
        <strong>
          {event.device} – {event.other}
        </strong>
        <span class="soft">
          {words.since(from)} · {minutesText(event.minutes)} · {event.certain ? certain : possible}
          {event.ended ? ` · ${words.ended}` : ""}
        </span>
      </button>
      {list.isWatched(event) && !acknowledged && (
        <button type="button" class="plain" onClick={() => list.acknowledge([event])}>
          {words.acknowledge}
        </button>
      )}
    </li>
  );
}

/** Shows the page of the one device with its contact with the other. */
function lookInto(state: MapState, event: ContactEvent): void {
  state.panel.value = null;
  state.select(event.device);
  state.other.value = event.other;
}

/** What has come about with a watched device, over the map until it is acknowledged. */
export function WatchNotes({ state, list }: Props) {
  const { watch: words } = texts.value;
  return (
    <div class="watch-notes" role="alert">
      {list.notes.value.map((event) => (
        <div key={event.id} class="notice notice-lost">
          <div>{words.reached(event.device, event.other, event.minutes)}</div>
          <button type="button" class="plain" onClick={() => lookInto(state, event)}>
            {words.look}
          </button>
          <button type="button" class="plain" onClick={() => list.acknowledge([event])}>
            {words.acknowledge}
          </button>
        </div>
      ))}
    </div>
  );
}
