import { texts } from "../language/language.ts";
import type { DeviceHistory } from "./device-history.ts";

/** Whether what is shown is what was asked for. */
export function Standing({ history }: { history: DeviceHistory }) {
  const words = texts.value;
  const trouble = history.trouble.value;
  const progress = history.progress.value;
  if (trouble !== null) {
    return (
      <p class="trouble" role="alert">
        {words.page.failed(trouble)}{" "}
        <button type="button" class="plain" onClick={() => history.retry()}>
          {words.retryNow}
        </button>
      </p>
    );
  }
  const first = history.answer.value === null;
  if (!history.loading.value || (!first && progress < 1_000)) return null;
  return (
    <p class="soft" role="status">
      {progress === 0 ? words.page.loading : words.page.loaded(progress.toLocaleString(words.code))}
    </p>
  );
}
