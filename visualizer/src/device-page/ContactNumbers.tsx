import { texts } from "../language/language.ts";
import type { MapState } from "../state/map-state.ts";
import { dayTimeText } from "../window/zoned-time.ts";
import { summaryOf } from "./contact-summary.ts";
import type { HistoryAnswer } from "./device-history.ts";

/** A device's contacts in numbers, and by which measure in which window. */
export function ContactNumbers({ state, answer }: { state: MapState; answer: HistoryAnswer }) {
  const words = texts.value;
  const { asked, contacts } = answer;
  const summary = summaryOf(contacts);
  const timeZone = state.timeZone.value;
  const whole = (value: number) => value.toLocaleString(words.code);
  const average = summary.averageMinutes.toLocaleString(words.code, { maximumFractionDigits: 1 });
  const numbers = [
    ["contacts", words.page.contacts, whole(summary.contacts), ""],
    ["devices", words.page.otherDevices, whole(summary.devices), ""],
    ["total", words.page.totalMinutes, whole(summary.totalMinutes), words.page.minuteUnit],
    ["certain", words.page.certainMinutes, whole(summary.certainMinutes), words.page.minuteUnit],
    ["average", words.page.averageMinutes, average, words.page.minuteUnit],
    ["longest", words.page.longestMinutes, whole(summary.longestMinutes), words.page.minuteUnit],
  ] as const;
  return (
    <>
      <p class="soft window-text">
        {dayTimeText(asked.fromMs, timeZone, words.code)} – {dayTimeText(asked.toMs, timeZone, words.code)}
        {" · "}
        {measureText(asked.measure)}
      </p>
      <dl class="tiles" aria-label={words.page.summary}>
        {numbers.map(([key, label, value, unit]) => (
          <div key={key} data-number={key}>
            <dt>{label}</dt>
            <dd>
              {value} {unit !== "" && <small>{unit}</small>}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** A measure in words, from the words of a query. */
export function measureText(measure: URLSearchParams): string {
  const words = texts.value;
  const proximity = Number(measure.get("proximity")).toLocaleString(words.code);
  return words.page.measure(proximity, Number(measure.get("min_minutes")), measure.get("certain") === "true");
}
