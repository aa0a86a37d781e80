import type { SessionInfo } from "@encounter/core/wire/accounts";
import { useEffect, useRef } from "preact/hooks";
import { texts } from "../language/language.ts";
import type { BesideProps } from "../page/beside-props.ts";
import { PageBar } from "../page/PageBar.tsx";
import type { MapState } from "../state/map-state.ts";
import { PasswordSection } from "./PasswordSection.tsx";
import { SecondFactorSection } from "./SecondFactorSection.tsx";
import "../manage/manage.css";
import "./account.css";

/** One's own account: what one may do, and what one signs in with. */
export function AccountPage({ state, opening }: BesideProps) {
  const words = texts.value.account;
  const session = state.session.value;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    document.title = `${words.title} · ${texts.value.title}`;
  }, [words.title]);

  return (
    <div class="manage">
      <PageBar state={state} opening={opening} page="account" venueId={state.venueId.value} />
      <main class="manage-main">
        <article class="venue-detail">
          <header class="venue-head">
            <h1 ref={heading} tabIndex={-1}>
              {words.title}
            </h1>
            {!session.operator && <p class="soft">{words.signedInAs(session.name)}</p>}
          </header>
          {session.operator ? (
            <section class="card" aria-labelledby="owner-title">
              <h2 id="owner-title">{words.owner}</h2>
              <p>{words.ownerDetail}</p>
            </section>
          ) : (
            <OwnAccount {...{ state, opening, session }} />
          )}
        </article>
      </main>
    </div>
  );
}

function OwnAccount({ state, opening, session }: BesideProps & { session: SessionInfo }) {
  const words = texts.value.account;
  return (
    <>
      <RolesSection state={state} session={session} />
      {session.has_password ? (
        <PasswordSection opening={opening} name={session.name} />
      ) : (
        <section class="card" aria-labelledby="own-password-title">
          <h2 id="own-password-title">{words.password}</h2>
          <p>{words.noPassword}</p>
        </section>
      )}
      {(session.has_password || session.has_totp) && <SecondFactorSection opening={opening} isOn={session.has_totp} />}
    </>
  );
}

function RolesSection({ state, session }: { state: MapState; session: SessionInfo }) {
  const { account, access } = texts.value;
  const nameOf = (venueId: string) => state.venues.value.find(({ venue_id }) => venue_id === venueId)?.name ?? venueId;
  const held = Object.entries(session.roles);
  return (
    <section class="card" aria-labelledby="roles-title">
      <h2 id="roles-title">{account.roles}</h2>
      {held.length === 0 && <p class="soft">{account.noRoles}</p>}
      <ul class="role-rows">
        {held.map(([venueId, roles]) => (
          <li key={venueId}>
            <strong>{nameOf(venueId)}</strong>
            <span>{roles.map((role) => access.roles[role]).join(", ")}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
