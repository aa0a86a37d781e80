import { texts } from "../language/language.ts";
import type { MapState } from "../state/map-state.ts";

/** On a smaller window the legend begins closed. */
const ROOMY_PX = 1_100;

/** What the signs mean, with the venue's own numbers. */
export function Legend({ state }: { state: MapState }) {
  const words = texts.value;
  const { minMinutes, proximityDm, staleMs } = state.thresholds.value;
  const proximity = (proximityDm / 10).toLocaleString(words.code);
  return (
    <details class="legend" open={innerWidth > ROOMY_PX}>
      <summary>{words.legend}</summary>
      <ul>
        <Entry look="contact" text={words.legendContact(minMinutes)} />
        <Entry look="near" text={words.legendNear(proximity, minMinutes)} />
        <Entry look="possible" text={words.legendPossible} />
        <Entry look="alone" text={words.legendRing} />
        {Number.isFinite(staleMs) && <Entry look="stale" text={words.legendStale(staleMs / 1_000)} />}
      </ul>
    </details>
  );
}

type Look = "contact" | "near" | "possible" | "alone" | "stale";

function Entry({ look, text }: { look: Look; text: string }) {
  return (
    <li>
      <svg viewBox="0 0 36 18" width="36" height="18" aria-hidden="true" class={`sign sign-${look}`}>
        {SIGNS[look]}
      </svg>
      {text}
    </li>
  );
}

const SIGNS = {
  contact: (
    <>
      <path class="line" d="M6 9h24" stroke-width="3" />
      <circle class="dot" cx="6" cy="9" r="4.5" />
      <circle class="heart" cx="6" cy="9" r="1.8" />
      <circle class="dot" cx="30" cy="9" r="4.5" />
      <circle class="heart" cx="30" cy="9" r="1.8" />
    </>
  ),
  near: (
    <>
      <path class="line" d="M6 9h24" stroke-width="2" />
      <circle class="dot" cx="6" cy="9" r="4" />
      <circle class="dot" cx="30" cy="9" r="4" />
    </>
  ),
  possible: <path class="line" d="M4 9h28" stroke-width="2" stroke-dasharray="5 4" />,
  alone: (
    <>
      <circle class="ring" cx="18" cy="9" r="8" />
      <circle class="dot" cx="18" cy="9" r="3.5" />
    </>
  ),
  stale: (
    <>
      <circle class="ring" cx="18" cy="9" r="8" />
      <circle class="hollow" cx="18" cy="9" r="3" />
    </>
  ),
};
