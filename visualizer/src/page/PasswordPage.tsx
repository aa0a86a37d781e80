import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from "@encounter/core/domain/account";
import { useSignal } from "@preact/signals";
import { leavePasswordLink } from "../access/password-link.ts";
import { texts } from "../language/language.ts";
import { choosePassword } from "../server/sign-in.ts";
import type { Opening } from "../state/opening.ts";
import { Brand } from "./Brand.tsx";

/** Lets whoever has a one-time link set the account's password. */
export function PasswordPage({ opening, code }: { opening: Opening; code: string }) {
  const words = texts.value;
  const { access } = words;
  const trouble = useSignal("");

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const typed = new FormData(event.currentTarget as HTMLFormElement);
    const [password, again] = [String(typed.get("password")), String(typed.get("again"))];
    trouble.value = password === again ? "" : access.notTheSame;
    if (trouble.value !== "") return;
    const refused = await choosePassword(code, password);
    const said = { linkOver: access.linkOver, passwordRefused: access.passwordRefused, tooMany: access.tooMany };
    trouble.value = refused === null ? "" : (said[refused as keyof typeof said] ?? words.signInFailed);
    if (refused !== null) return;
    await opening.start();
    leavePasswordLink();
  }

  return (
    <main class="word-page" id="map" data-connection="signed-out" data-circles="0" data-lines="0" data-minute="">
      <form class="word-card" onSubmit={(event) => void submit(event)}>
        <Brand />
        <h1>{access.newPassword}</h1>
        <p>{access.newPasswordDetail}</p>
        {(["password", "again"] as const).map((name) => (
          <label key={name} class="field">
            <span>{name === "password" ? access.password : access.repeat}</span>
            <input
              name={name}
              type="password"
              autocomplete="new-password"
              required
              minLength={PASSWORD_LENGTH_MIN}
              maxLength={PASSWORD_LENGTH_MAX}
              aria-describedby="password-trouble"
            />
          </label>
        ))}
        <p class="trouble" id="password-trouble" role="alert">
          {trouble.value}
        </p>
        <button type="submit" class="primary">
          {access.setPassword}
        </button>
      </form>
    </main>
  );
}
