import { isMeantElsewhere } from "../page/typing.ts";
import type { TimeMachine } from "./time-machine.ts";

/** Keys of the whole page: `p` plays, `,` and `.` step by a minute, `l` goes live. */
export function listenForTimeKeys(machine: TimeMachine): () => void {
  const actions: Readonly<Record<string, () => void>> = {
    p: () => machine.togglePlay(),
    ",": () => machine.step(-1),
    ".": () => machine.step(1),
    l: () => machine.goLive(),
  };
  function act(event: KeyboardEvent): void {
    if (!isMeantElsewhere(event)) actions[event.key]?.();
  }
  addEventListener("keydown", act);
  return () => removeEventListener("keydown", act);
}
