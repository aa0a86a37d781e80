import { CASE_LENGTH_MAX } from "@encounter/core/domain/account";
import { nameCase } from "../access/case-reference.ts";
import { texts } from "../language/language.ts";
import type { MapState } from "../state/map-state.ts";
import { Brand } from "./Brand.tsx";

/** Asks a tracer, once, for which case. */
export function CasePage({ state }: { state: MapState }) {
  const words = texts.value.access;
  function submit(event: SubmitEvent): void {
    event.preventDefault();
    const reference = String(new FormData(event.currentTarget as HTMLFormElement).get("case") ?? "").trim();
    if (reference !== "") nameCase(reference);
  }
  return (
    <main class="word-page" id="map" data-connection="connecting" data-circles="0" data-lines="0" data-minute="">
      <form class="word-card" onSubmit={submit}>
        <Brand />
        <h1>{words.caseTitle}</h1>
        <p>{words.caseDetail}</p>
        <label class="field">
          <span>{words.caseField}</span>
          <input name="case" required maxLength={CASE_LENGTH_MAX} autocomplete="off" spellcheck={false} />
        </label>
        <button type="submit" class="primary">
          {words.begin}
        </button>
        {state.rights.value.roles.includes("viewer") && (
          <button
            type="button"
            class="plain"
            onClick={() => {
              state.watchesWithoutNames.value = true;
            }}
          >
            {words.withoutNames}
          </button>
        )}
      </form>
    </main>
  );
}
