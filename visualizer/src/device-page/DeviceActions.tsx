import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { withCase } from "../access/case-reference.ts";
import { texts } from "../language/language.ts";
import { deviceContactsPath } from "../server/contacts.ts";
import type { MapState } from "../state/map-state.ts";
import type { DeviceHistory } from "./device-history.ts";

/** What can be done with a device's page. */
export function DeviceActions({ state, history }: { state: MapState; history: DeviceHistory }) {
  const words = texts.value.page;
  const asked = history.answer.value?.asked;
  return (
    <div class="actions">
      <button
        type="button"
        class="plain"
        aria-pressed={state.follows.value}
        onClick={() => {
          state.follows.value = !state.follows.peek();
        }}
      >
        {words.follow}
      </button>
      <CopyLink />
      <button
        type="button"
        class="plain"
        onClick={() => {
          state.panel.value = "network";
        }}
      >
        {words.network}
      </button>
      {asked !== undefined && (
        <a
          class="plain"
          href={withCase(deviceContactsPath(asked, history.device, { limit: "all", path: "false", format: "csv" }))}
          download={`${history.device}-contacts.csv`}
        >
          {words.csv}
        </a>
      )}
      <button type="button" class="plain" disabled={asked === undefined} onClick={() => print()}>
        {words.print}
      </button>
    </div>
  );
}

const SAID_MS = 2_000;

function CopyLink() {
  const words = texts.value.page;
  const copied = useSignal(false);
  useEffect(() => {
    if (!copied.value) return;
    const timer = setTimeout(() => {
      copied.value = false;
    }, SAID_MS);
    return () => clearTimeout(timer);
  }, [copied.value, copied]);
  return (
    <button
      type="button"
      class="plain"
      onClick={async () => {
        copied.value = await copyText(location.href);
      }}
    >
      <span role="status">{copied.value ? words.copied : words.copyLink}</span>
    </button>
  );
}

/** @returns whether it is on the clipboard now; without an encrypted connection only the old way may work */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }
}
