import type { ChainStep } from "@encounter/core/domain/chain";
import { minuteStartMs } from "@encounter/core/domain/minute";
import { batch, type Signal } from "@preact/signals";
import { useId } from "preact/hooks";
import { texts } from "../language/language.ts";
import type { MapState } from "../state/map-state.ts";
import { dayTimeText, hourText } from "../window/zoned-time.ts";
import type { ChainContact, NetworkSearch } from "./network-search.ts";

interface Props {
  readonly state: MapState;
  readonly search: NetworkSearch;
  /** Names, in the order in which they are offered. */
  readonly names: readonly string[];
}

/** From one device to another by contacts that follow each other in time. */
export function ChainSearch({ state, search, names }: Props) {
  const words = texts.value.network;
  const list = useId();
  return (
    <>
      <h3>{words.chain}</h3>
      <div class="chain-ends">
        <DeviceField label={words.fromDevice} name={search.from} list={list} />
        <button
          type="button"
          class="plain swap"
          aria-label={words.swap}
          title={words.swap}
          onClick={() => {
            const from = search.from.peek();
            batch(() => {
              search.from.value = search.to.peek();
              search.to.value = from;
            });
          }}
        >
          ⇄
        </button>
        <DeviceField label={words.toDevice} name={search.to} list={list} />
      </div>
      <datalist id={list}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <div role="status">
        <Found state={state} search={search} />
      </div>
    </>
  );
}

function DeviceField({ label, name, list }: { label: string; name: Signal<string>; list: string }) {
  return (
    <label>
      <span>{label}</span>
      <input
        list={list}
        value={name.value}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => {
          name.value = event.currentTarget.value;
        }}
      />
    </label>
  );
}

function Found({ state, search }: Omit<Props, "names">) {
  const words = texts.value.network;
  const ends = search.ends.value;
  const { from, to } = { from: search.from.value, to: search.to.value };
  if (search.answer.value === null || from === "") return <p class="soft">{words.chainHint}</p>;
  if (ends.from === null) return <p class="soft">{words.noContactsOf(from)}</p>;
  if (to === "") return <p>{words.reaches(from, search.reached.value?.size ?? 0)}</p>;
  if (ends.to === null) return <p class="soft">{words.noContactsOf(to)}</p>;
  if (from === to) return <p class="soft">{words.sameDevice}</p>;
  const chain = search.chain.value;
  if (chain === null) return <p class="no-chain">{words.noChain(from, to)}</p>;
  return (
    <>
      <p>{words.chainOf(chain.length)}</p>
      <ol class="chain">
        {chain.map((step) => (
          <Step key={step.from} state={state} step={step} />
        ))}
      </ol>
    </>
  );
}

function Step({ state, step }: { state: MapState; step: ChainStep<ChainContact> }) {
  const words = texts.value;
  const { from, to, minute, contact } = step;
  const timeZone = state.timeZone.value;
  const { start, end, minutes } = contact.whole;
  const shown = state.selected.value === from && state.other.value === to;

  function show(): void {
    batch(() => {
      state.select(from);
      state.other.value = to;
      state.minute.value = contact.startMinute;
    });
  }

  return (
    <li>
      <button type="button" class="step" aria-pressed={shown} onClick={show}>
        <b>
          {from} → {to}
        </b>
        <span>
          {dayTimeText(start, timeZone, words.code)} – {hourText(end, timeZone, words.code)} · {words.minutes(minutes)}
          {" · "}
          {words.network.passes(hourText(minuteStartMs(minute), timeZone, words.code))}
        </span>
      </button>
      <button
        type="button"
        class="link"
        onClick={() =>
          batch(() => {
            show();
            state.panel.value = null;
          })
        }
      >
        {words.network.why}
      </button>
    </li>
  );
}
