import type { Venue } from "@encounter/core/wire/venue";
import { useSignal } from "@preact/signals";
import { texts } from "../language/language.ts";
import type { Opening } from "../state/opening.ts";
import { ConfirmDialog } from "./ConfirmDialog.tsx";
import { Field } from "./Field.tsx";
import { deleteVenue } from "./venue-calls.ts";

/** The end of a venue. */
export function DeleteSection({
  venue,
  opening,
  onDeleted,
}: {
  venue: Venue;
  opening: Opening;
  onDeleted: () => void;
}) {
  const words = texts.value.manage;
  const asking = useSignal(false);
  const typed = useSignal("");
  const ready = [venue.name, venue.venue_id].includes(typed.value.trim()) || typed.value === venue.venue_id;
  return (
    <section class="card" aria-labelledby="delete-title">
      <h2 id="delete-title">{words.deleteVenue}</h2>
      <p class="soft">{words.deleteVenueHint}</p>
      <div class="actions">
        <button
          type="button"
          class="plain danger"
          onClick={() => {
            typed.value = "";
            asking.value = true;
          }}
        >
          {words.deleteVenue}
        </button>
      </div>
      {asking.value && (
        <ConfirmDialog
          title={words.deleteVenueTitle(venue.name)}
          detail={words.deleteVenueHint}
          action={words.deleteVenue}
          opening={opening}
          ready={ready}
          act={async () => {
            await deleteVenue(venue.venue_id);
            onDeleted();
          }}
          onClosed={() => {
            asking.value = false;
          }}
        >
          <Field id="delete-confirm" label={words.typeToConfirm}>
            <input
              id="delete-confirm"
              autocomplete="off"
              spellcheck={false}
              placeholder={venue.name}
              value={typed.value}
              onInput={(event) => {
                typed.value = event.currentTarget.value;
              }}
            />
          </Field>
        </ConfirmDialog>
      )}
    </section>
  );
}
