import type { AuditVerdict } from "@encounter/core/wire/audit";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { texts } from "../language/language.ts";
import { failureWords } from "../manage/failure.ts";
import type { Opening } from "../state/opening.ts";
import { momentText } from "../window/zoned-time.ts";
import { fetchVerdict } from "./audit-calls.ts";

/** Whether the log is what was written. */
export function ChainStatus({ opening }: { opening: Opening }) {
  const words = texts.value;
  const verdict = useSignal<AuditVerdict | null>(null);
  const trouble = useSignal("");
  useEffect(() => {
    fetchVerdict().then(
      (told) => {
        verdict.value = told;
      },
      (error) => {
        trouble.value = failureWords(error, opening);
      },
    );
  }, [opening, verdict, trouble]);

  const told = verdict.value;
  const look = told === null ? "connecting" : told.whole ? "live" : "lost";
  return (
    <div class="chain-status" role="status">
      <p>
        <span class={`chain-lamp badge-${look}`} aria-hidden="true">
          <span class="lamp" />
        </span>
        <span class={told?.whole === false ? "trouble" : ""}>
          {told === null && (trouble.value === "" ? words.audit.checking : trouble.value)}
          {told?.whole === true && words.audit.whole(momentText(told.checked_at, "UTC", words.code))}
          {told?.whole === false && words.audit.broken(told.trouble ?? "")}
        </span>
      </p>
      <p class="hint">{words.audit.checkHint}</p>
    </div>
  );
}
