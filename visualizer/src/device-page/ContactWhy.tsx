import type { Contact } from "@encounter/core/wire/contacts";
import { useEffect, useMemo } from "preact/hooks";
import { texts } from "../language/language.ts";
import { Standing } from "../page/Standing.tsx";
import type { MapState } from "../state/map-state.ts";
import { dayTimeText, hourText } from "../window/zoned-time.ts";
import { measureText } from "./ContactNumbers.tsx";
import { ContactMinutes } from "./contact-minutes.ts";
import { type ContactPlace, type ContactTableView, isAt } from "./contact-table-view.ts";
import type { DeviceHistory } from "./device-history.ts";
import { MinuteList } from "./MinuteList.tsx";

interface Props {
  readonly state: MapState;
  readonly history: DeviceHistory;
  readonly other: string;
  readonly view: ContactTableView;
}

/** Why two devices count as having been in contact: each minute of it. */
export function ContactWhy({ state, history, other, view }: Props) {
  const words = texts.value;
  const answer = history.answer.value;
  const contacts = (answer?.contacts ?? []).filter((contact) => contact.other === other);
  const contact = contactShown(contacts, view.current.value, state.minute.value);
  const minutes = useMemo(() => new ContactMinutes(), []);
  useEffect(() => () => minutes.stop(), [minutes]);
  useEffect(() => {
    if (answer !== null && contact !== null) minutes.show(answer.asked, history.device, contact);
  }, [answer, contact, minutes, history]);

  function goBack(): void {
    state.other.value = null;
  }

  return (
    <section
      class="why"
      aria-label={words.page.contactWith(other)}
      onKeyDown={(event) => {
        if (event.key === "Escape") goBack();
      }}
    >
      <div class="actions">
        <button type="button" class="plain" onClick={goBack}>
          ← {words.page.backToContacts}
        </button>
        {state.minute.value !== null && (
          <button
            type="button"
            class="plain"
            onClick={() => {
              state.minute.value = null;
            }}
          >
            {words.page.backToLive}
          </button>
        )}
      </div>
      <h3 class="why-title">
        {words.page.contactWith(other)}{" "}
        <button type="button" class="link" onClick={() => state.select(other)}>
          {words.page.itsPage}
        </button>
      </h3>
      <Standing question={history} />
      {answer !== null && contact === null && !history.loading.value && <p class="soft">{words.page.noSuchContact}</p>}
      {contact !== null && answer !== null && (
        <>
          <p class="soft">{measureText(answer.asked.measure)}</p>
          <ContactChoice state={state} contacts={contacts} contact={contact} view={view} />
          <MinuteList key={`${contact.start}`} state={state} device={history.device} other={other} minutes={minutes} />
        </>
      )}
    </section>
  );
}

/** The contact that was chosen, else the one that the minute is in, else the last. */
function contactShown(contacts: readonly Contact[], place: ContactPlace | null, minute: number | null): Contact | null {
  const goesOnIn = ({ start, end }: Contact) => minute !== null && start <= minute * 60_000 && minute * 60_000 < end;
  const chosen = contacts.find((contact) => isAt(contact, place));
  return chosen ?? contacts.find(goesOnIn) ?? contacts.at(-1) ?? null;
}

interface ChoiceProps {
  readonly state: MapState;
  readonly contacts: readonly Contact[];
  readonly contact: Contact;
  readonly view: ContactTableView;
}

/** When it was; a choice where the two met more than once. */
function ContactChoice({ state, contacts, contact, view }: ChoiceProps) {
  const words = texts.value;
  const timeZone = state.timeZone.value;
  const when = ({ start, end, minutes }: Contact) =>
    `${dayTimeText(start, timeZone, words.code)} – ${hourText(end, timeZone, words.code)} · ${words.minutes(minutes)}`;
  if (contacts.length === 1) return <p class="why-when">{when(contact)}</p>;
  return (
    <select
      class="why-choice"
      aria-label={words.page.contacts}
      value={String(contact.start)}
      onChange={(event) => {
        view.current.value = { start: Number(event.currentTarget.value), other: contact.other };
      }}
    >
      {contacts.map((each) => (
        <option key={each.start} value={String(each.start)}>
          {when(each)}
        </option>
      ))}
    </select>
  );
}
