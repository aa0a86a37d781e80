import type { SignInWays } from "@encounter/core/wire/accounts";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { texts } from "../language/language.ts";
import { fetchSignInWays, type SignInTrouble } from "../server/sign-in.ts";
import type { Opening } from "../state/opening.ts";
import { Brand } from "./Brand.tsx";

type OpenId = SignInWays["openid"];

/** Asks who one is: an account's name and password, the OpenID provider, or the operator token. */
export function SignInPage({ opening }: { opening: Opening }) {
  const words = texts.value;
  const openId = useSignal<OpenId>(null);
  useEffect(() => {
    void fetchSignInWays().then(
      (ways) => {
        openId.value = ways.openid;
      },
      () => {},
    );
  }, [openId]);
  const news = newsOf(new URLSearchParams(location.hash.slice(1)).get("sign-in"));

  return (
    <main class="word-page" id="map" data-connection="signed-out" data-circles="0" data-lines="0" data-minute="">
      <div class="word-card">
        <Brand />
        <h1>{words.signIn}</h1>
        {news !== null && <p class="trouble">{news}</p>}
        <PasswordForm opening={opening} />
        {openId.value !== null && (
          <a class="plain openid" href={openId.value.url_path}>
            {words.access.with(openId.value.name)}
          </a>
        )}
        <TokenForm opening={opening} />
      </div>
    </main>
  );
}

/** What a link or the OpenID provider came back with. */
function newsOf(word: string | null): string | null {
  const { linkExpired, access } = texts.value;
  const news: Record<string, string> = {
    expired: linkExpired,
    "unknown-person": access.unknownPerson,
    "provider-refused": access.providerRefused,
    "provider-away": access.providerAway,
  };
  return word === null ? null : (news[word] ?? null);
}

function PasswordForm({ opening }: { opening: Opening }) {
  const words = texts.value;
  const { access } = words;
  const trouble = useSignal<SignInTrouble | null>(null);
  const asksCode = useSignal(false);
  const busy = useSignal(false);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const typed = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(typed.get(name) ?? "");
    const code = asksCode.peek() ? { code: text("code").trim() } : {};
    busy.value = true;
    trouble.value = await opening.signIn({ name: text("username"), password: text("password"), ...code });
    if (trouble.value === "code") asksCode.value = true;
    busy.value = false;
  }

  const said = { code: access.codeNeeded, wrong: access.wrong, tooMany: access.tooMany };
  return (
    <form class="sign-in-form" onSubmit={(event) => void submit(event)}>
      <label class="field">
        <span>{access.name}</span>
        <input name="username" autocomplete="username" required spellcheck={false} autocapitalize="none" />
      </label>
      <label class="field">
        <span>{access.password}</span>
        <input
          name="password"
          type="password"
          autocomplete="current-password"
          required
          aria-describedby="password-trouble"
        />
      </label>
      {asksCode.value && (
        <label class="field">
          <span>{access.code}</span>
          <input name="code" inputMode="numeric" autocomplete="one-time-code" pattern="[0-9]{6}" required />
        </label>
      )}
      <p class="trouble" id="password-trouble" role="alert">
        {trouble.value !== null && (said[trouble.value as keyof typeof said] ?? words.signInFailed)}
      </p>
      <button type="submit" class="primary" disabled={busy.value}>
        {words.signIn}
      </button>
    </form>
  );
}

function TokenForm({ opening }: { opening: Opening }) {
  const words = texts.value;
  const trouble = useSignal<SignInTrouble | null>(null);
  const busy = useSignal(false);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const token = String(new FormData(event.currentTarget as HTMLFormElement).get("token") ?? "").trim();
    busy.value = true;
    trouble.value = await opening.signIn({ token });
    busy.value = false;
  }

  const said = { wrong: words.wrongToken, tooMany: words.access.tooMany };
  return (
    <form class="sign-in-form sign-in-owner" onSubmit={(event) => void submit(event)}>
      <h2>{words.access.orToken}</h2>
      <p>{words.signInDetail}</p>
      {/* For password managers, which file a password under a name. */}
      <input
        class="unseen"
        name="username"
        autocomplete="username"
        value="operator"
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      <label class="field">
        <span>{words.token}</span>
        <input
          name="token"
          type="password"
          autocomplete="current-password"
          required
          spellcheck={false}
          aria-invalid={trouble.value === "wrong"}
          aria-describedby="sign-in-trouble"
        />
      </label>
      <p class="trouble" id="sign-in-trouble" role="alert">
        {trouble.value !== null && (said[trouble.value as keyof typeof said] ?? words.signInFailed)}
      </p>
      <button type="submit" class="plain" disabled={busy.value}>
        {words.signIn}
      </button>
    </form>
  );
}
