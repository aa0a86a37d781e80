import { PASSWORD_LENGTH_MAX, passwordTrouble } from "@encounter/core/domain/account";
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { texts } from "../language/language.ts";
import { describedBy, Field } from "../manage/Field.tsx";
import { failureWords } from "../manage/failure.ts";
import { Refused } from "../server/requests.ts";
import type { Opening } from "../state/opening.ts";
import { changePassword } from "./account-calls.ts";

const FIELDS = ["current", "chosen", "again"] as const;
type FieldName = (typeof FIELDS)[number];

/** Changes the password one signs in with. */
export function PasswordSection({ opening, name }: { opening: Opening; name: string }) {
  const { account, access, manage } = texts.value;
  const form = useRef<HTMLFormElement>(null);
  const troubles = useSignal<Partial<Record<FieldName, string>>>({});
  const outcome = useSignal("");
  const busy = useSignal(false);
  const labels: Record<FieldName, string> = {
    current: account.current,
    chosen: account.chosen,
    again: access.repeat,
  };

  function complain(field: FieldName, text: string): void {
    troubles.value = { [field]: text };
    form.current?.querySelector<HTMLInputElement>(`#own-${field}`)?.focus();
  }

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const typed = new FormData(form.current!);
    const [current = "", chosen = "", again = ""] = FIELDS.map((field) => String(typed.get(field) ?? ""));
    outcome.value = "";
    if (current === "") return complain("current", account.wrongCurrent);
    if (passwordTrouble(chosen, name) !== null) return complain("chosen", access.passwordRefused);
    if (chosen !== again) return complain("again", access.notTheSame);
    troubles.value = {};
    busy.value = true;
    try {
      await changePassword(current, chosen);
      form.current?.reset();
      outcome.value = account.changed;
    } catch (error) {
      explain(error);
    } finally {
      busy.value = false;
    }
  }

  /** What was typed is right in itself: what the server calls bad is the current password. */
  function explain(error: unknown): void {
    const status = error instanceof Refused ? error.status : null;
    if (status === 400) complain("current", account.wrongCurrent);
    else complain("current", status === 429 ? access.tooMany : failureWords(error, opening));
  }

  return (
    <section class="card" aria-labelledby="own-password-title">
      <h2 id="own-password-title">{account.password}</h2>
      <p class="soft">{account.passwordHint}</p>
      <form ref={form} class="own-form" noValidate onSubmit={(event) => void submit(event)}>
        {/* For password managers, which file a password under a name. */}
        <input
          class="unseen"
          name="username"
          autocomplete="username"
          value={name}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
        {FIELDS.map((field) => (
          <Field
            key={field}
            id={`own-${field}`}
            label={labels[field]}
            hint={field === "chosen" ? account.chosenHint : undefined}
            trouble={troubles.value[field]}
          >
            <input
              {...describedBy(`own-${field}`, troubles.value[field])}
              name={field}
              type="password"
              autocomplete={field === "current" ? "current-password" : "new-password"}
              maxLength={PASSWORD_LENGTH_MAX}
            />
          </Field>
        ))}
        <div class="actions">
          <span role="status" class="soft">
            {busy.value ? manage.saving : outcome.value}
          </span>
          <button type="submit" class="primary" disabled={busy.value}>
            {account.change}
          </button>
        </div>
      </form>
    </section>
  );
}
