import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { measureText } from "../device-page/ContactNumbers.tsx";
import { texts } from "../language/language.ts";
import { SideFrame } from "../page/SideFrame.tsx";
import { Standing } from "../page/Standing.tsx";
import type { MapState } from "../state/map-state.ts";
import { compareNames } from "../table/order.ts";
import { WindowChoice } from "../window/WindowChoice.tsx";
import { clockText, dayTimeText } from "../window/zoned-time.ts";
import { ChainSearch } from "./ChainSearch.tsx";
import { GraphView } from "./GraphView.tsx";
import { Groups, NetworkTable } from "./NetworkTable.tsx";
import { MOST_CONTACTS, type NetworkAnswer, type NetworkSearch, networkSearchOf } from "./network-search.ts";

/** Who was in contact with whom, over a window. */
export function NetworkPanel({ state }: { state: MapState }) {
  const words = texts.value.network;
  const search = networkSearchOf(state);
  const large = useSignal(false);
  useEffect(() => search.start(), [search]);
  useEffect(() => {
    // Whoever comes from a device's page asks about that device.
    const device = state.selected.peek();
    if (search.from.peek() === "" && device !== null) search.from.value = device;
  }, [state, search]);
  const answer = search.answer.value;
  return (
    <SideFrame
      label={words.title}
      title={words.title}
      kind={large.value ? "network side-large" : "network"}
      close={() => {
        state.panel.value = null;
      }}
    >
      <div class="network">
        <div class="network-head">
          <WindowChoice state={state} />
          <button
            type="button"
            class="plain enlarge"
            aria-pressed={large.value}
            onClick={() => {
              large.value = !large.value;
            }}
          >
            {words.large}
          </button>
        </div>
        <Standing question={search} />
        {answer !== null && <Answer state={state} search={search} answer={answer} />}
      </div>
    </SideFrame>
  );
}

interface AnswerProps {
  readonly state: MapState;
  readonly search: NetworkSearch;
  readonly answer: NetworkAnswer;
}

function Answer({ state, search, answer }: AnswerProps) {
  const words = texts.value.network;
  const { graph } = answer;
  const pointed = useSignal<number | null>(null);
  const selected = graph.indexOf.get(state.selected.value ?? "") ?? null;
  const names = useMemo(() => graph.nodes.map(({ name }) => name).sort(compareNames), [graph]);
  const steps = search.chain.value;
  const reach = search.to.value === "" ? search.reached.value : null;
  const from = search.ends.value.from;
  const emphasis = useMemo(() => {
    const ends = steps === null || steps.length === 0 ? [] : [steps[0]!.from, ...steps.map(({ to }) => to)];
    const chain = ends.map((name) => graph.indexOf.get(name)!);
    const reached = reach === null || from === null ? null : [from, ...reach.keys()];
    return { chain, reached: reached && new Set(reached.map((name) => graph.indexOf.get(name)!)) };
  }, [graph, steps, reach, from]);

  const choose = (node: number) => state.choose(graph.nodes[node]!.name);

  return (
    <div class={search.loading.value ? "outdated" : ""}>
      <About state={state} search={search} answer={answer} />
      {answer.more && <p class="capped">{words.capped(MOST_CONTACTS.toLocaleString(texts.value.code))}</p>}
      {graph.nodes.length === 0 ? (
        <p class="soft">{texts.value.page.noContacts}</p>
      ) : (
        <>
          <GraphView graph={graph} pointed={pointed} emphasis={{ ...emphasis, selected }} choose={choose} />
          <ChainSearch state={state} search={search} names={names} />
          <Chosen state={state} graph={graph} selected={selected} />
          <h3>{texts.value.devices}</h3>
          <NetworkTable graph={graph} selected={selected} pointed={pointed} choose={choose} />
          <Groups graph={graph} />
        </>
      )}
    </div>
  );
}

function About({ state, search, answer }: AnswerProps) {
  const words = texts.value;
  const { asked, askedAtMs, graph, contacts } = answer;
  const timeZone = state.timeZone.value;
  return (
    <p class="soft window-text">
      {dayTimeText(asked.fromMs, timeZone, words.code)} – {dayTimeText(asked.toMs, timeZone, words.code)} ·{" "}
      {measureText(asked.measure)}
      <br />
      {words.network.counts(graph.nodes.length, graph.links.length, contacts.length)} ·{" "}
      {words.network.asOf(clockText(askedAtMs, timeZone, words.code))}{" "}
      <button type="button" class="link" onClick={() => search.refresh()}>
        {words.network.refresh}
      </button>
    </p>
  );
}

/** The device that is selected, with the way to its page. */
function Chosen({
  state,
  graph,
  selected,
}: {
  state: MapState;
  graph: NetworkAnswer["graph"];
  selected: number | null;
}) {
  const words = texts.value;
  if (selected === null) return null;
  const { name, partners, minutes } = graph.nodes[selected]!;
  return (
    <p class="chosen">
      <b>{name}</b>
      <span class="soft">{words.network.chosen(partners.length, minutes)}</span>
      <button
        type="button"
        class="link"
        onClick={() => {
          state.panel.value = null;
        }}
      >
        {words.network.openPage}
      </button>
    </p>
  );
}
