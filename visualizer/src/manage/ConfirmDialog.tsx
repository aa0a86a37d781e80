import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { texts } from "../language/language.ts";
import type { Opening } from "../state/opening.ts";
import { Dialog } from "./Dialog.tsx";
import { failureWords } from "./failure.ts";

interface Props {
  readonly title: string;
  readonly detail: string;
  /** What the button that does it says. */
  readonly action: string;
  readonly opening: Opening;
  /** Does it. */
  readonly act: () => Promise<void>;
  readonly onClosed: () => void;
  /** Whether it may be done yet. */
  readonly ready?: boolean;
  readonly children?: ComponentChildren;
}

/** Asks before something is taken away, and says why if that fails. */
export function ConfirmDialog({ title, detail, action, opening, act, onClosed, ready = true, children }: Props) {
  const trouble = useSignal("");
  const busy = useSignal(false);

  async function submit(event: SubmitEvent, close: () => void): Promise<void> {
    event.preventDefault();
    if (!ready || busy.value) return;
    busy.value = true;
    trouble.value = "";
    try {
      await act();
      close();
    } catch (error) {
      trouble.value = failureWords(error, opening);
    } finally {
      busy.value = false;
    }
  }

  return (
    <Dialog title={title} onClosed={onClosed}>
      {(close) => (
        <form onSubmit={(event) => void submit(event, close)}>
          <p>{detail}</p>
          {children}
          <p class="trouble" role="alert">
            {trouble.value}
          </p>
          <div class="actions">
            <button type="button" class="plain" onClick={close}>
              {texts.value.manage.cancel}
            </button>
            <button type="submit" class="plain danger" disabled={!ready || busy.value}>
              {action}
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
