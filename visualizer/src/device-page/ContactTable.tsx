import type { Contact } from "@encounter/core/wire/contacts";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { texts } from "../language/language.ts";
import { metresText } from "../page/wording.ts";
import type { MapState } from "../state/map-state.ts";
import { PAGE_ROWS, Pager, pageWithin } from "../table/Pager.tsx";
import { moveAmongRows } from "../table/row-keys.ts";
import { SortHead } from "../table/SortHead.tsx";
import { dayTimeText } from "../window/zoned-time.ts";
import { CONTACT_COLUMNS, type ContactColumn, sortContacts } from "./contact-order.ts";
import { type ContactTableView, isAt, placeOf } from "./contact-table-view.ts";

const RISES_FIRST: readonly ContactColumn[] = ["other", "closest"];

interface Props {
  readonly state: MapState;
  readonly contacts: readonly Contact[];
  readonly view: ContactTableView;
  readonly choose: (contact: Contact) => void;
}

/** A device's contacts, one a row. The order is the reader's: new rows take their place in it. */
export function ContactTable({ state, contacts, view, choose }: Props) {
  const words = texts.value.page;
  const body = useRef<HTMLTableSectionElement>(null);
  const { order, current } = view;
  const { column, descending } = order.value;
  const sorted = useMemo(() => sortContacts(contacts, { column, descending }), [contacts, column, descending]);
  const page = pageWithin(view.page.value, sorted.length);
  const rows = sorted.slice(page * PAGE_ROWS, (page + 1) * PAGE_ROWS);
  const reachable = rows.find((row) => isAt(row, current.value)) ?? rows[0];
  // Whoever comes back from a contact goes on where they were.
  useEffect(() => {
    if (current.peek() !== null) body.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }, [current]);
  if (contacts.length === 0) return <p class="soft no-contacts">{words.noContacts}</p>;
  return (
    <>
      <table class="table contacts" aria-label={words.contacts}>
        <thead>
          <tr>
            {CONTACT_COLUMNS.map((each) => (
              <SortHead
                key={each}
                column={each}
                label={words.columns[each]}
                title={words.columnTitles[each]}
                order={order}
                risesFirst={RISES_FIRST}
              />
            ))}
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={moveAmongRows}>
          {rows.map((row) => (
            <Row
              key={keyOf(row)}
              state={state}
              contact={row}
              reachable={row === reachable}
              focused={() => {
                current.value = placeOf(row);
              }}
              choose={choose}
            />
          ))}
        </tbody>
      </table>
      <Pager
        rows={sorted.length}
        page={page}
        turn={(to) => {
          view.page.value = to;
        }}
      />
    </>
  );
}

function keyOf({ other, start }: Contact): string {
  return `${start} ${other}`;
}

interface RowProps {
  readonly state: MapState;
  readonly contact: Contact;
  readonly reachable: boolean;
  readonly focused: () => void;
  readonly choose: (contact: Contact) => void;
}

function Row({ state, contact, reachable, focused, choose }: RowProps) {
  const { code } = texts.value;
  const { other, start, minutes, certain_minutes: certain, closest } = contact;
  return (
    <tr data-other={other} data-start={start} onClick={() => choose(contact)}>
      <td>{dayTimeText(start, state.timeZone.value, code)}</td>
      <td>
        <button type="button" data-row tabIndex={reachable ? 0 : -1} onFocus={focused} title={other}>
          {other}
        </button>
      </td>
      <td class="figure">{minutes.toLocaleString(code)}</td>
      <td class="figure">{certain.toLocaleString(code)}</td>
      <td class="figure">{closest ? `${metresText(closest.distance, code)} m` : "–"}</td>
    </tr>
  );
}
