import { INVITE_USES, isWithin } from "@encounter/core/domain/venue-settings";
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { texts } from "../language/language.ts";
import type { Opening } from "../state/opening.ts";
import { describedBy, Field } from "./Field.tsx";
import { failureWords } from "./failure.ts";
import { SecretShown } from "./SecretShown.tsx";
import { outOfRange, typedNumber } from "./setting-form.ts";
import { createInvite } from "./venue-calls.ts";

/** Codes that let devices in. */
export function InvitesSection({ venueId, opening }: { venueId: string; opening: Opening }) {
  const words = texts.value;
  const { manage } = words;
  const uses = useSignal("1");
  const trouble = useSignal("");
  const shown = useSignal<{ code: string; uses: number } | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const range = manage.range(
    INVITE_USES.least.toLocaleString(words.code),
    INVITE_USES.most.toLocaleString(words.code),
    "",
  );

  async function create(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const wanted = typedNumber(uses.value);
    trouble.value = isWithin(INVITE_USES, wanted) ? "" : outOfRange(INVITE_USES, range.trim(), words);
    if (trouble.value !== "") return input.current?.focus();
    try {
      shown.value = { code: await createInvite(venueId, wanted), uses: wanted };
    } catch (error) {
      trouble.value = failureWords(error, opening);
    }
  }

  return (
    <section class="card" aria-labelledby="invites-title">
      <h2 id="invites-title">{manage.invites}</h2>
      <p class="soft">{manage.invitesHint}</p>
      {shown.value !== null && (
        <SecretShown
          title={manage.inviteShown}
          detail={manage.inviteShownDetail(manage.uses(shown.value.uses))}
          secret={shown.value.code}
          onDone={() => {
            shown.value = null;
            input.current?.focus();
          }}
        />
      )}
      <form class="inline-form" noValidate onSubmit={(event) => void create(event)}>
        <Field id="invite-uses" label={manage.maxUses} hint={range} trouble={trouble.value}>
          <input
            {...describedBy("invite-uses", trouble.value)}
            ref={input}
            inputMode="numeric"
            autocomplete="off"
            value={uses.value}
            onInput={(event) => {
              uses.value = event.currentTarget.value;
              trouble.value = "";
            }}
          />
        </Field>
        <button type="submit" class="plain">
          {manage.createInvite}
        </button>
      </form>
    </section>
  );
}
