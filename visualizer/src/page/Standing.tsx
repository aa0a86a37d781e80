import type { ReadonlySignal } from "@preact/signals";
import { texts } from "../language/language.ts";

/** A question to the server whose answer may be long in coming. */
interface Question {
  /** What was answered last, null before the first answer. */
  readonly answer: ReadonlySignal<unknown>;
  readonly loading: ReadonlySignal<boolean>;
  /** Contacts of the answer that is on its way. */
  readonly progress: ReadonlySignal<number>;
  readonly trouble: ReadonlySignal<string | null>;
  /** Asks again, now. */
  refresh(): void;
}

/** Whether what is shown is what was asked for. */
export function Standing({ question }: { question: Question }) {
  const words = texts.value;
  const trouble = question.trouble.value;
  const progress = question.progress.value;
  if (trouble !== null) {
    return (
      <p class="trouble" role="alert">
        {words.page.failed(trouble)}{" "}
        <button type="button" class="plain" onClick={() => question.refresh()}>
          {words.retryNow}
        </button>
      </p>
    );
  }
  const first = question.answer.value === null;
  if (!question.loading.value || (!first && progress < 1_000)) return null;
  return (
    <p class="soft" role="status">
      {progress === 0 ? words.page.loading : words.page.loaded(progress.toLocaleString(words.code))}
    </p>
  );
}
