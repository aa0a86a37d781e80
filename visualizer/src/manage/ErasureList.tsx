import type { ErasureReceipt } from "@encounter/core/wire/erasure";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Texts, texts } from "../language/language.ts";
import type { Opening } from "../state/opening.ts";
import { failureWords } from "./failure.ts";
import { fetchErasures } from "./venue-calls.ts";

/** While an erasure is not complete, it is looked after: soon at first, and then ever more rarely. */
const FIRST_LOOK_MS = 500;
const LAST_LOOK_MS = 15_000;

interface Props {
  readonly venueId: string;
  readonly opening: Opening;
  /** The id of the one that was just asked for: its receipt is open. */
  readonly newest?: string | undefined;
}

/** The receipts of a venue's erasures; those under way are followed until they are complete. */
export function ErasureList({ venueId, opening, newest }: Props) {
  const words = texts.value.manage;
  const erasures = useSignal<readonly ErasureReceipt[] | null>(null);
  const trouble = useSignal("");
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    let waitMs = FIRST_LOOK_MS;
    async function look(): Promise<void> {
      try {
        const found = await fetchErasures(venueId);
        if (isOver) return;
        erasures.value = found;
        trouble.value = "";
        if (found.every(({ state }) => state === "complete")) return;
        timer = setTimeout(look, waitMs);
        waitMs = Math.min(LAST_LOOK_MS, waitMs * 1.5);
      } catch (error) {
        if (!isOver) trouble.value = failureWords(error, opening);
      }
    }
    void look();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [venueId, opening, newest, erasures, trouble]);

  return (
    <>
      {erasures.value?.length === 0 && <p class="soft">{words.noErasures}</p>}
      <ul class="erasures">
        {erasures.value?.map((erasure) => (
          <li key={erasure.erasure_id}>
            <Receipt erasure={erasure} isOpen={erasure.erasure_id === newest} />
          </li>
        ))}
      </ul>
      <p class="trouble" role="alert">
        {trouble.value}
      </p>
    </>
  );
}

function Receipt({ erasure, isOpen }: { erasure: ErasureReceipt; isOpen: boolean }) {
  const words = texts.value;
  const { manage } = words;
  const { state, removed } = erasure;
  const isNothing = state === "complete" && Object.values(removed).every((count) => count === 0);
  return (
    <details open={isOpen}>
      <summary>
        <span class="erasure-time">{manage.erasureOf(timeWords(erasure.requested_at, words))}</span>{" "}
        <span class={`erasure-state erasure-${state}`} role={isOpen ? "status" : undefined}>
          {manage.erasureStates[state]}
        </span>
      </summary>
      {isNothing && <p>{manage.nothingErased}</p>}
      <dl class="receipt">
        {factsOf(erasure, words).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function factsOf(erasure: ErasureReceipt, words: Texts): [name: string, value: string][] {
  const { erasureFacts: names, erasureFiles, notYet } = words.manage;
  const { removed, append_only_files: files } = erasure;
  const time = (timeMs: number | null) => (timeMs === null ? notYet : timeWords(timeMs, words));
  const count = (value: number) => value.toLocaleString(words.code);
  return [
    [names.id, erasure.erasure_id],
    [names.requested, time(erasure.requested_at)],
    [names.removed, time(erasure.removed_at)],
    [names.completed, time(erasure.completed_at)],
    [names.fixes, count(removed.fixes)],
    [names.pairMinutes, count(removed.pair_minutes)],
    [names.timelines, count(removed.timelines)],
    [names.tokens, count(removed.tokens)],
    [names.invites, count(removed.invites)],
    [names.files, files === null ? notYet : erasureFiles[files]],
  ];
}

function timeWords(timeMs: number, { code }: Texts): string {
  const format = new Intl.DateTimeFormat(code === "en" ? "en-GB" : code, { dateStyle: "medium", timeStyle: "medium" });
  return format.format(timeMs);
}
