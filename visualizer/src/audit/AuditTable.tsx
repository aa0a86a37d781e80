import { useSignal } from "@preact/signals";
import { texts } from "../language/language.ts";
import { failureWords } from "../manage/failure.ts";
import type { Venue } from "../server/venues.ts";
import type { Opening } from "../state/opening.ts";
import { fileTime, saveFile } from "../take-away/save-file.ts";
import type { AuditEntry } from "./audit-calls.ts";
import type { AuditModel } from "./audit-model.ts";
import { entriesAsCsv } from "./entry-file.ts";
import { entryWords } from "./entry-words.ts";

const COLUMNS = ["time", "actor", "action", "venue", "case", "device", "detail"] as const;
/** Of a hash so much is shown: enough to tell two apart. */
const HASH_SHOWN = 10;

interface Props {
  readonly model: AuditModel;
  readonly venues: readonly Venue[];
  readonly opening: Opening;
}

/** The log's entries, with the way to older ones and to a file of them. */
export function AuditTable({ model, venues, opening }: Props) {
  const words = texts.value.audit;
  const entries = model.entries.value;
  return (
    <>
      <Standing model={model} opening={opening} />
      {entries.length > 0 && (
        <table class="audit-table">
          <thead>
            <tr>
              {COLUMNS.map((column) => (
                <th key={column} scope="col">
                  {words.columns[column]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <EntryRow key={entry.seq} entry={entry} venues={venues} />
            ))}
          </tbody>
        </table>
      )}
      {model.cursor.value !== null && (
        <button type="button" class="plain older" disabled={model.loading.value} onClick={() => void model.older()}>
          {words.older}
        </button>
      )}
    </>
  );
}

/** How many entries there are, and how it stands with reading them. */
function Standing({ model, opening }: { model: AuditModel; opening: Opening }) {
  const { audit: words, code } = texts.value;
  const said = useSignal("");
  const trouble = useSignal("");
  const collected = model.collected.value;
  const count = model.entries.value.length.toLocaleString(code);

  async function save(): Promise<void> {
    said.value = "";
    trouble.value = "";
    try {
      const { entries, isAll } = await model.collect();
      const { venueId } = model.filter.peek();
      const name = `${venueId === "" ? "encounter" : venueId}-${fileTime(Date.now())}-audit.csv`;
      saveFile(name, new Blob([entriesAsCsv(entries)], { type: "text/csv;charset=utf-8" }));
      if (!isAll) said.value = texts.peek().audit.capped(entries.length.toLocaleString(code));
    } catch (error) {
      trouble.value = failureWords(error, opening);
    }
  }

  function standing(): string {
    if (collected !== null) return words.collecting(collected.toLocaleString(code));
    if (model.loading.value) return words.loading;
    if (model.entries.value.length > 0) return model.cursor.value === null ? words.count(count) : words.andOlder(count);
    return model.cursor.value === null && !model.isFiltered.value ? words.none : words.noneMatches;
  }

  const failed = trouble.value !== "" ? trouble.value : model.trouble.value;
  return (
    <div class="audit-standing">
      <span role="status" class="soft">
        {failed === "" ? (said.value === "" ? standing() : said.value) : ""}
      </span>
      <span role="alert" class="trouble">
        {failed === "" ? "" : words.failed(failed)}
      </span>
      <button
        type="button"
        class="plain"
        disabled={collected !== null || model.entries.value.length === 0}
        onClick={() => void save()}
      >
        {words.csv}
      </button>
    </div>
  );
}

function EntryRow({ entry, venues }: { entry: AuditEntry; venues: readonly Venue[] }) {
  const words = texts.value;
  const said = entryWords(entry, venues, words);
  return (
    <tr class={entry.action.startsWith("refused.") || entry.action.endsWith("failed") ? "refused" : undefined}>
      {COLUMNS.map((column) => (
        <td key={column} data-column={words.audit.columns[column]} class={`audit-${column}`}>
          {column === "time" && <time dateTime={new Date(entry.at).toISOString()}>{said.time}</time>}
          {column === "action" && <span title={entry.action}>{said.action}</span>}
          {column === "device" && said.device !== "" && (
            <code title={words.audit.hash(said.device)}>{said.device.slice(0, HASH_SHOWN)}…</code>
          )}
          {column !== "time" && column !== "action" && column !== "device" && said[column]}
        </td>
      ))}
    </tr>
  );
}
