import { render } from "preact";
import { useEffect } from "preact/hooks";
import { texts } from "../language/language.ts";
import { metresText } from "../page/wording.ts";
import type { MapState } from "../state/map-state.ts";
import { dateTimeText, zoneText } from "../window/zoned-time.ts";
import { measureText } from "./ContactNumbers.tsx";
import { sortContacts } from "./contact-order.ts";
import { summaryOf } from "./contact-summary.ts";
import type { DeviceHistory, HistoryAnswer } from "./device-history.ts";

/** While a device's page is open, it is what gets printed: its summary and all of its contacts, and nothing of the map. */
export function usePrinting(state: MapState, history: DeviceHistory): void {
  useEffect(() => {
    const sheet = document.createElement("div");
    sheet.className = "print-sheet";
    // What is printed is what is there when this returns.
    function fill(): void {
      const answer = history.answer.peek();
      if (answer === null) return;
      document.body.append(sheet);
      document.body.classList.add("prints-sheet");
      render(<PrintSheet state={state} device={history.device} answer={answer} />, sheet);
    }
    function empty(): void {
      render(null, sheet);
      sheet.remove();
      document.body.classList.remove("prints-sheet");
    }
    addEventListener("beforeprint", fill);
    addEventListener("afterprint", empty);
    return () => {
      removeEventListener("beforeprint", fill);
      removeEventListener("afterprint", empty);
      empty();
    };
  }, [state, history]);
}

function PrintSheet({ state, device, answer }: { state: MapState; device: string; answer: HistoryAnswer }) {
  const words = texts.value;
  const timeZone = state.timeZone.value;
  const time = (timeMs: number) => dateTimeText(timeMs, timeZone, words.code);
  const { asked, contacts } = answer;
  const summary = summaryOf(contacts);
  const average = summary.averageMinutes.toLocaleString(words.code, { maximumFractionDigits: 1 });
  const facts: [string, string][] = [
    [words.venue, state.venue.value?.name ?? asked.venueId],
    [words.page.window, `${time(asked.fromMs)} – ${time(asked.toMs)}`],
    [words.page.timeZone, `${timeZone} (${zoneText(asked.toMs, timeZone, words.code)})`],
    [words.page.measureWord, measureText(asked.measure)],
    [words.page.contacts, String(summary.contacts)],
    [words.page.otherDevices, String(summary.devices)],
    [words.page.totalMinutes, `${summary.totalMinutes} ${words.page.minuteUnit}`],
    [words.page.certainMinutes, `${summary.certainMinutes} ${words.page.minuteUnit}`],
    [words.page.averageMinutes, `${average} ${words.page.minuteUnit}`],
    [words.page.longestMinutes, `${summary.longestMinutes} ${words.page.minuteUnit}`],
    [words.page.printedAt, time(state.serverNowMs())],
  ];
  return (
    <>
      <h1>{words.deviceCard(device)}</h1>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <table>
        <thead>
          <tr>
            {(["start", "other", "minutes", "certain", "closest"] as const).map((column) => (
              <th key={column} scope="col">
                {words.page.columnTitles[column]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sortContacts(contacts, { column: "start", descending: false }).map((contact) => (
            <tr key={`${contact.start} ${contact.other}`}>
              <td>{time(contact.start)}</td>
              <td>{contact.other}</td>
              <td>{contact.minutes}</td>
              <td>{contact.certain_minutes}</td>
              <td>{contact.closest ? `${metresText(contact.closest.distance, words.code)} m` : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
