import { useSignal } from "@preact/signals";
import { texts } from "../language/language.ts";

/** Takes a file that is chosen or dropped. */
export function PlanFilePicker({ label, take }: { label: string; take: (file: File) => void }) {
  const over = useSignal(false);
  return (
    <label
      class={`drop ${over.value ? "drop-over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => {
        over.value = false;
      }}
      onDrop={(event) => {
        event.preventDefault();
        over.value = false;
        const file = event.dataTransfer?.files[0];
        if (file !== undefined) take(file);
      }}
    >
      <input
        type="file"
        class="unseen"
        accept=".geojson,.json,application/geo+json,application/json"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          // The same file again, mended, is a change too.
          event.currentTarget.value = "";
          if (file !== undefined) take(file);
        }}
      />
      <span class="drop-button">{label}</span>
      <span class="soft">{texts.value.manage.orDrop}</span>
    </label>
  );
}
