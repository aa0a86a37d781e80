import { NAME_LENGTH_MAX } from "@encounter/core/domain/venue-settings";
import { idTrouble } from "@encounter/core/wire/identity";
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { texts } from "../language/language.ts";
import { fetchVenues } from "../server/venues.ts";
import type { Opening } from "../state/opening.ts";
import { Dialog } from "./Dialog.tsx";
import { describedBy, Field } from "./Field.tsx";
import { failureWords } from "./failure.ts";
import { manageLink } from "./manage-address.ts";
import { saveVenue } from "./venue-calls.ts";

/** Asks what a new venue is called, creates it and goes there. */
export function NewVenueDialog({ opening, onClosed }: { opening: Opening; onClosed: () => void }) {
  const words = texts.value.manage;
  const name = useSignal("");
  /** Null while it follows the name. */
  const ownId = useSignal<string | null>(null);
  const troubles = useSignal({ name: "", id: "" });
  const busy = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  const id = ownId.value ?? idFrom(name.value);

  function complain(field: "name" | "id", trouble: string): void {
    troubles.value = { name: "", id: "", [field]: trouble };
    form.current?.querySelector<HTMLInputElement>(`#new-${field}`)?.focus();
  }

  async function submit(event: SubmitEvent, close: () => void): Promise<void> {
    event.preventDefault();
    const called = name.value.trim();
    if (called.length < 1 || called.length > NAME_LENGTH_MAX)
      return complain("name", words.textLength(NAME_LENGTH_MAX));
    if (idTrouble(id) !== null) return complain("id", words.idTrouble);
    busy.value = true;
    try {
      // Creating and changing are one call: what is there already must not be changed by mistake.
      if ((await fetchVenues()).some(({ venue_id }) => venue_id === id)) return complain("id", words.idTaken(id));
      await saveVenue(id, { name: called, time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone });
      await opening.start();
      close();
      location.hash = manageLink(id);
    } catch (error) {
      complain("id", failureWords(error, opening));
    } finally {
      busy.value = false;
    }
  }

  return (
    <Dialog title={words.create} onClosed={onClosed}>
      {(close) => (
        <form ref={form} noValidate onSubmit={(event) => void submit(event, close)}>
          <Field id="new-name" label={words.newName} hint={words.nameHint} trouble={troubles.value.name}>
            <input
              {...describedBy("new-name", troubles.value.name)}
              autocomplete="off"
              value={name.value}
              onInput={(event) => {
                name.value = event.currentTarget.value;
              }}
            />
          </Field>
          <Field id="new-id" label={words.newId} hint={words.newIdHint} trouble={troubles.value.id}>
            <input
              {...describedBy("new-id", troubles.value.id)}
              autocomplete="off"
              spellcheck={false}
              value={id}
              onInput={(event) => {
                ownId.value = event.currentTarget.value;
              }}
            />
          </Field>
          <div class="actions">
            <button type="button" class="plain" onClick={close}>
              {words.cancel}
            </button>
            <button type="submit" class="primary" disabled={busy.value}>
              {words.create}
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

/** An id that programs like, made of a name: small letters, digits and hyphens. */
function idFrom(name: string): string {
  const plain = name.normalize("NFKD").replaceAll(/\p{M}/gu, "").replaceAll("ß", "ss").toLowerCase();
  return plain
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 60);
}
