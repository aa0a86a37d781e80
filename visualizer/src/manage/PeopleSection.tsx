import { ROLES, type Role } from "@encounter/core/domain/account";
import type { Account } from "@encounter/core/wire/accounts";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { texts } from "../language/language.ts";
import type { Opening } from "../state/opening.ts";
import { failureWords } from "./failure.ts";
import { SecretShown } from "./SecretShown.tsx";
import { createPasswordLink, fetchPeople, giveRoles } from "./venue-calls.ts";

interface Props {
  readonly venueId: string;
  readonly opening: Opening;
}

/** Who may do what in a venue. */
export function PeopleSection({ venueId, opening }: Props) {
  const words = texts.value.access;
  const people = useSignal<readonly Account[]>([]);
  const link = useSignal<string | null>(null);
  const trouble = useSignal("");

  async function attempt(act: () => Promise<void>): Promise<void> {
    trouble.value = "";
    try {
      await act();
      people.value = await fetchPeople(venueId);
    } catch (error) {
      trouble.value = failureWords(error, opening);
    }
  }
  const save = (name: string, roles: readonly Role[]) => void attempt(() => giveRoles(venueId, name, roles));
  const showLink = (name: string) =>
    void attempt(async () => {
      link.value = location.origin + (await createPasswordLink(venueId, name));
    });
  useEffect(() => {
    void attempt(async () => {});
  }, [venueId]);

  return (
    <section class="card" aria-labelledby="people-title">
      <h2 id="people-title">{words.people}</h2>
      <p class="soft">{words.peopleHint}</p>
      {people.value.length === 0 && <p>{words.nobody}</p>}
      <ul class="people">
        {people.value.map((account) => (
          <li key={`${account.name} ${account.roles[venueId]?.join()}`}>
            <PersonForm account={account} venueId={venueId} save={save}>
              <button type="button" class="plain" onClick={() => showLink(account.name)}>
                {words.link}
              </button>
              <button type="button" class="plain" onClick={() => save(account.name, [])}>
                {words.remove}
              </button>
            </PersonForm>
          </li>
        ))}
      </ul>
      <PersonForm key={people.value.length} account={null} venueId={venueId} save={save} />
      <p class="trouble" role="alert">
        {trouble.value}
      </p>
      {link.value !== null && (
        <SecretShown
          title={words.linkShown}
          detail={words.linkShownDetail}
          secret={link.value}
          onDone={() => {
            link.value = null;
          }}
        />
      )}
    </section>
  );
}

interface FormProps {
  /** Null for one that is to be named. */
  readonly account: Account | null;
  readonly venueId: string;
  readonly save: (name: string, roles: readonly Role[]) => void;
  readonly children?: preact.ComponentChildren;
}

function PersonForm({ account, venueId, save, children }: FormProps) {
  const words = texts.value.access;
  const held = account?.roles[venueId] ?? [];
  function submit(event: SubmitEvent): void {
    event.preventDefault();
    const typed = new FormData(event.currentTarget as HTMLFormElement);
    const roles = ROLES.filter((role) => typed.has(role));
    save(account?.name ?? String(typed.get("name")), roles);
  }
  return (
    <form class="inline-form person" onSubmit={submit} aria-label={account?.name ?? words.account}>
      {account === null ? (
        <label class="field">
          <span>{words.account}</span>
          <input name="name" required autocomplete="off" spellcheck={false} autocapitalize="none" />
        </label>
      ) : (
        <strong>{account.name}</strong>
      )}
      {ROLES.map((role) => (
        <label key={role} class="role">
          <input type="checkbox" name={role} defaultChecked={held.includes(role)} /> {words.roles[role]}
        </label>
      ))}
      <button type="submit" class="plain">
        {words.give}
      </button>
      {children}
    </form>
  );
}
