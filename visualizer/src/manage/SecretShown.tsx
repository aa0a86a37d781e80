import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { texts } from "../language/language.ts";

interface Props {
  readonly title: string;
  readonly detail: string;
  readonly secret: string;
  readonly onDone: () => void;
}

/** A key or code on the one occasion that it can be seen. */
export function SecretShown({ title, detail, secret, onDone }: Props) {
  const words = texts.value.manage;
  const said = useSignal("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, [secret]);

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(secret);
      said.value = texts.peek().manage.copied;
    } catch {
      // Browsers give the clipboard to pages of HTTPS or of this machine alone.
      field.current?.select();
      said.value = texts.peek().manage.copyFailed;
    }
  }

  return (
    <section class="secret" aria-label={title}>
      <h3>{title}</h3>
      <div class="secret-row">
        <input ref={field} class="secret-text" aria-label={title} value={secret} readOnly spellcheck={false} />
        <button type="button" class="plain" onClick={() => void copy()}>
          {words.copy}
        </button>
      </div>
      <p class="hint">{detail}</p>
      <div class="secret-row">
        <button type="button" class="plain" onClick={onDone}>
          {words.done}
        </button>
        <span role="status">{said.value}</span>
      </div>
    </section>
  );
}
