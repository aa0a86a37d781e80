import Type from "typebox";

/** What can become of a fix, by code: the first that holds. */
export const OUTCOMES = ["accepted", "repeated", "invalid", "forbidden", "early", "late", "inaccurate"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Codes of the outcomes that need no reason; every other code's index has one. */
export const ACCEPTED = 0;
export const REPEATED = 1;

/** At most this many refused fixes are listed in a reply. */
export const ERRORS_LISTED_MAX = 100;

const OutcomeName = Type.Union(OUTCOMES.map((outcome) => Type.Literal(outcome)));

/** The answer to a frame that was stored. */
export const FrameReply = Type.Object({
  batch: Type.Union([Type.String(), Type.Null()]),
  epoch: Type.String({ description: "changes when the store may have gone back in time" }),
  counts: Type.Partial(Type.Record(OutcomeName, Type.Integer({ minimum: 1 }))),
  repeated: Type.Optional(Type.Array(Type.Integer())),
  errors: Type.Optional(
    Type.Array(Type.Object({ index: Type.Integer(), outcome: OutcomeName, reason: Type.String() })),
  ),
});

/** Frame-level trouble: `bad_frame` (nothing stored), `busy` (nothing stored), `unknown` (stored or not: resend). */
export type FrameErrorCode = "bad_frame" | "busy" | "unknown";

/** A refused fix of a frame. */
export interface Refusal {
  readonly index: number;
  readonly outcome: Outcome;
  readonly reason: string;
}

/** What became of the fixes of one frame. */
export interface FrameResult {
  readonly batch: string | null;
  readonly accepted: number;
  /** Indices of repeated fixes, ascending. */
  readonly repeated: readonly number[];
  /** Every refused fix, ascending. */
  readonly refusals: readonly Refusal[];
}

/** The reply's text. */
export function encodeReply(result: FrameResult, epoch: string): string {
  const { batch, accepted, repeated, refusals } = result;
  const batchText = batch === null ? "null" : JSON.stringify(batch);
  if (refusals.length === 0 && repeated.length === 0) {
    const counts = accepted === 0 ? "{}" : `{"accepted":${accepted}}`;
    return `{"batch":${batchText},"epoch":"${epoch}","counts":${counts}}`;
  }
  const counts: Partial<Record<Outcome, number>> = {};
  if (accepted > 0) counts.accepted = accepted;
  if (repeated.length > 0) counts.repeated = repeated.length;
  for (const refusal of refusals) counts[refusal.outcome] = (counts[refusal.outcome] ?? 0) + 1;
  return JSON.stringify({
    batch,
    epoch,
    counts,
    ...(repeated.length > 0 ? { repeated } : {}),
    ...(refusals.length > 0 ? { errors: refusals.slice(0, ERRORS_LISTED_MAX) } : {}),
  });
}

/** The text of a frame-level error. `bad_frame` echoes no batch: none could be read. */
export function encodeFrameError(
  error: { code: "bad_frame"; message: string } | { code: "busy" | "unknown"; retryAfterMs: number },
  batch: string | null,
): string {
  if (error.code === "bad_frame") return JSON.stringify({ error });
  return JSON.stringify({ batch, error: { code: error.code, retry_after_ms: error.retryAfterMs } });
}
