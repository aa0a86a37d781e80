import type { TimeMachine } from "./time-machine.ts";

/** Where a letter is a letter. */
const TEXT_INPUT = "input:not([type=radio]):not([type=checkbox]):not([type=range]), select, textarea";

/** Keys of the whole page: `p` plays, `,` and `.` step by a minute, `l` goes live. */
export function listenForTimeKeys(machine: TimeMachine): () => void {
  const actions: Readonly<Record<string, () => void>> = {
    p: () => machine.togglePlay(),
    ",": () => machine.step(-1),
    ".": () => machine.step(1),
    l: () => machine.goLive(),
  };
  function act(event: KeyboardEvent): void {
    const typing = event.target instanceof HTMLElement && event.target.matches(TEXT_INPUT);
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    actions[event.key]?.();
  }
  addEventListener("keydown", act);
  return () => removeEventListener("keydown", act);
}
