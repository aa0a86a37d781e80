import { NAME_LENGTH_MAX } from "@encounter/core/domain/venue-settings";
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { texts } from "../language/language.ts";
import type { Opening } from "../state/opening.ts";
import { ConfirmDialog } from "./ConfirmDialog.tsx";
import { describedBy, Field } from "./Field.tsx";
import { failureWords } from "./failure.ts";
import { SecretShown } from "./SecretShown.tsx";
import { createKey, deleteKey, fetchKeys, type GatewayKey } from "./venue-calls.ts";

/** The keys that gateways send with. */
export function KeysSection({ venueId, opening }: { venueId: string; opening: Opening }) {
  const words = texts.value.manage;
  const keys = useSignal<readonly GatewayKey[] | null>(null);
  const name = useSignal("");
  const nameTrouble = useSignal("");
  const trouble = useSignal("");
  const shown = useSignal<string | null>(null);
  const leaving = useSignal<GatewayKey | null>(null);
  const nameInput = useRef<HTMLInputElement>(null);

  async function refresh(): Promise<void> {
    try {
      keys.value = await fetchKeys(venueId);
      trouble.value = "";
    } catch (error) {
      trouble.value = failureWords(error, opening);
    }
  }
  useEffect(() => void refresh(), [venueId]);

  async function create(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const wanted = name.value.trim();
    nameTrouble.value = wanted.length < 1 || wanted.length > NAME_LENGTH_MAX ? words.textLength(NAME_LENGTH_MAX) : "";
    if (nameTrouble.value !== "") return nameInput.current?.focus();
    try {
      shown.value = await createKey(venueId, wanted);
      name.value = "";
      await refresh();
    } catch (error) {
      nameTrouble.value = failureWords(error, opening);
    }
  }

  return (
    <section class="card" aria-labelledby="keys-title">
      <h2 id="keys-title">{words.keys}</h2>
      <p class="soft">{words.keysHint}</p>
      {keys.value?.length === 0 && <p class="soft empty">{words.noKeys}</p>}
      {keys.value !== null && keys.value.length > 0 && (
        <KeyRows
          keys={keys.value}
          leave={(key) => {
            leaving.value = key;
          }}
        />
      )}
      <p class="trouble" role="alert">
        {trouble.value}
      </p>
      {shown.value !== null && (
        <SecretShown
          title={words.keyShown}
          detail={words.keyShownDetail}
          secret={shown.value}
          onDone={() => {
            shown.value = null;
            nameInput.current?.focus();
          }}
        />
      )}
      <form class="inline-form" noValidate onSubmit={(event) => void create(event)}>
        <Field id="key-name" label={words.keyName} hint={words.keyNameHint} trouble={nameTrouble.value}>
          <input
            {...describedBy("key-name", nameTrouble.value)}
            ref={nameInput}
            autocomplete="off"
            value={name.value}
            onInput={(event) => {
              name.value = event.currentTarget.value;
              nameTrouble.value = "";
            }}
          />
        </Field>
        <button type="submit" class="plain">
          {words.createKey}
        </button>
      </form>
      {leaving.value !== null && (
        <ConfirmDialog
          title={words.deleteKeyTitle(leaving.value.name)}
          detail={words.deleteKeyDetail}
          action={words.delete}
          opening={opening}
          act={async () => {
            await deleteKey(venueId, leaving.value!.id);
            await refresh();
          }}
          onClosed={() => {
            leaving.value = null;
          }}
        />
      )}
    </section>
  );
}

function KeyRows({ keys, leave }: { keys: readonly GatewayKey[]; leave: (key: GatewayKey) => void }) {
  const { code, manage } = texts.value;
  const format = new Intl.DateTimeFormat(code === "en" ? "en-GB" : code, { dateStyle: "medium", timeStyle: "short" });
  return (
    <ul class="key-rows">
      {keys.map((key) => (
        <li key={key.id}>
          <span class="key-name">{key.name}</span>
          <span class="soft">{manage.created(format.format(key.created_at))}</span>
          <button type="button" class="plain" aria-label={manage.deleteKey(key.name)} onClick={() => leave(key)}>
            {manage.delete}
          </button>
        </li>
      ))}
    </ul>
  );
}
