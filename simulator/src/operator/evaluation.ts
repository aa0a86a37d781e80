import type { OperatorDoor } from "./operator-door.ts";

/** How long the server may make no progress in evaluating, ms. */
const PATIENCE_MS = 120_000;
const POLL_MS = 250;

/** Waits until every accepted fix of a venue is in its contacts. @throws Error where the server makes no progress */
export async function untilEvaluated(door: OperatorDoor, venueId: string): Promise<void> {
  let fewest = Infinity;
  let progressMs = performance.now();
  for (;;) {
    const left = await door.unevaluatedFixes(venueId);
    if (left === 0) return;
    if (left < fewest) [fewest, progressMs] = [left, performance.now()];
    if (performance.now() - progressMs > PATIENCE_MS) throw new Error(`${left} fixes of ${venueId} stay unevaluated`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
