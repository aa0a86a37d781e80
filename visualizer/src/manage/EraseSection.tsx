import { idTrouble } from "@encounter/core/wire/identity";
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { texts } from "../language/language.ts";
import type { Opening } from "../state/opening.ts";
import { ConfirmDialog } from "./ConfirmDialog.tsx";
import { ErasureList } from "./ErasureList.tsx";
import { describedBy, Field } from "./Field.tsx";
import { eraseDevice } from "./venue-calls.ts";

interface Props {
  readonly venueId: string;
  readonly opening: Opening;
}

/** Erases one device everywhere, and shows what came of it. */
export function EraseSection({ venueId, opening }: Props) {
  const words = texts.value.manage;
  const typed = useSignal("");
  const trouble = useSignal("");
  const asking = useSignal<string | null>(null);
  const newest = useSignal<string | undefined>(undefined);
  const input = useRef<HTMLInputElement>(null);

  function ask(event: SubmitEvent): void {
    event.preventDefault();
    trouble.value = idTrouble(typed.value) === null ? "" : words.idTrouble;
    if (trouble.value === "") asking.value = typed.value;
    else input.current?.focus();
  }

  async function erase(deviceId: string): Promise<void> {
    newest.value = (await eraseDevice(venueId, deviceId)).erasure_id;
    typed.value = "";
  }

  return (
    <section class="card" aria-labelledby="erase-title">
      <h2 id="erase-title">{words.erase}</h2>
      <p class="soft">{words.eraseHint}</p>
      <form class="inline-form" noValidate onSubmit={ask}>
        <Field id="erase-device" label={words.eraseDevice} trouble={trouble.value}>
          <input
            {...describedBy("erase-device", trouble.value)}
            ref={input}
            autocomplete="off"
            spellcheck={false}
            value={typed.value}
            onInput={(event) => {
              typed.value = event.currentTarget.value;
              trouble.value = "";
            }}
          />
        </Field>
        <button type="submit" class="plain danger">
          {words.eraseBegin}
        </button>
      </form>
      <h3>{words.erasures}</h3>
      <ErasureList venueId={venueId} opening={opening} newest={newest.value} />
      {asking.value !== null && (
        <ConfirmDialog
          title={words.eraseTitle(asking.value)}
          detail={words.eraseDetail}
          action={words.eraseBegin}
          opening={opening}
          act={() => erase(asking.value!)}
          onClosed={() => {
            asking.value = null;
          }}
        >
          <ul class="erase-goes">
            {words.eraseGoes.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
          <p>{words.eraseStays}</p>
        </ConfirmDialog>
      )}
    </section>
  );
}
