import type { TotpOffer } from "@encounter/core/wire/accounts";
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { texts } from "../language/language.ts";
import { describedBy, Field } from "../manage/Field.tsx";
import { failureWords } from "../manage/failure.ts";
import { Refused } from "../server/requests.ts";
import type { Opening } from "../state/opening.ts";
import { confirmSecondFactor, endSecondFactor, offerSecondFactor } from "./account-calls.ts";
import { QrCode } from "./QrCode.tsx";

const CODE = /^[0-9]{6}$/;

interface Props {
  readonly opening: Opening;
  /** Whether a code is asked for at sign-in. */
  readonly isOn: boolean;
}

/** What one signs in with beside the password: set up, or taken away. */
export function SecondFactorSection({ opening, isOn }: Props) {
  const words = texts.value.account;
  const offer = useSignal<TotpOffer | null>(null);
  const trouble = useSignal("");
  const said = useSignal("");
  const heading = useRef<HTMLHeadingElement>(null);

  /** What had the focus is gone. */
  function done(text: string): void {
    offer.value = null;
    said.value = text;
    heading.current?.focus();
  }

  async function begin(): Promise<void> {
    trouble.value = "";
    said.value = "";
    try {
      offer.value = await offerSecondFactor();
    } catch (error) {
      trouble.value = failureWords(error, opening);
    }
  }

  return (
    <section class="card" aria-labelledby="factor-title">
      <h2 id="factor-title" ref={heading} tabIndex={-1}>
        {words.factor}
      </h2>
      <p class="soft">{words.factorHint}</p>
      <p role="status">{said.value === "" ? (isOn ? words.factorOn : words.factorOff) : said.value}</p>
      {isOn && (
        <CodeForm
          opening={opening}
          hint={words.removeHint}
          action={words.remove}
          isDanger
          send={endSecondFactor}
          done={() => done(words.removed)}
        />
      )}
      {!isOn && offer.value === null && (
        <div class="actions">
          <button type="button" class="primary" onClick={() => void begin()}>
            {words.setUp}
          </button>
        </div>
      )}
      {!isOn && offer.value !== null && (
        <>
          <Offer offer={offer.value} />
          <CodeForm
            opening={opening}
            hint={words.codeHint}
            action={words.confirm}
            send={confirmSecondFactor}
            done={() => done(words.confirmed)}
          />
        </>
      )}
      <p class="trouble" role="alert">
        {trouble.value}
      </p>
    </section>
  );
}

/** The secret: to be read by a camera, copied, or opened. */
function Offer({ offer }: { offer: TotpOffer }) {
  const words = texts.value.account;
  const element = useRef<HTMLDivElement>(null);
  // What was pressed is gone.
  useEffect(() => element.current?.focus(), []);
  return (
    <div ref={element} class="offer" tabIndex={-1}>
      <QrCode text={offer.url} label={words.picture} />
      <div class="offer-words">
        <p>{words.scan}</p>
        <p>
          <strong>{words.secret}</strong> <code class="offer-secret">{inFours(offer.secret)}</code>
        </p>
        <a class="offer-link" href={offer.url}>
          {words.openLink}
        </a>
      </div>
    </div>
  );
}

/** As one types it over. Authenticators pass over the spaces. */
function inFours(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(" ") ?? secret;
}

interface CodeProps {
  readonly opening: Opening;
  readonly hint: string;
  readonly action: string;
  readonly isDanger?: boolean;
  readonly send: (code: string) => Promise<void>;
  readonly done: () => void;
}

function CodeForm({ opening, hint, action, isDanger = false, send, done }: CodeProps) {
  const { account, access } = texts.value;
  const typed = useSignal("");
  const trouble = useSignal("");
  const input = useRef<HTMLInputElement>(null);

  function explain(error: unknown): string {
    const status = error instanceof Refused ? error.status : null;
    const said = { 400: account.wrongCode, 404: account.offerOver, 429: access.tooMany };
    return said[status as keyof typeof said] ?? failureWords(error, opening);
  }

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const code = typed.value.replaceAll(/\s/g, "");
    trouble.value = CODE.test(code) ? "" : account.codeTrouble;
    if (trouble.value === "") {
      try {
        await send(code);
        // Who is signed in, and with what, is asked for anew.
        await opening.start();
        return done();
      } catch (error) {
        trouble.value = explain(error);
      }
    }
    input.current?.focus();
  }

  return (
    <form class="inline-form" noValidate onSubmit={(event) => void submit(event)}>
      <Field id="factor-code" label={account.code} hint={hint} trouble={trouble.value}>
        <input
          {...describedBy("factor-code", trouble.value)}
          ref={input}
          inputMode="numeric"
          autocomplete="one-time-code"
          maxLength={9}
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
            trouble.value = "";
          }}
        />
      </Field>
      <button type="submit" class={isDanger ? "plain danger" : "plain"}>
        {action}
      </button>
    </form>
  );
}
