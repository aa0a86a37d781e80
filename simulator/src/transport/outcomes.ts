import type { FrameErrorCode, Outcome } from "@encounter/core/wire/reply";

/** What a server answers to a frame: outcomes of its fixes, or trouble with the frame as a whole. */
export type Answer =
  | { readonly batch: string | null; readonly reply: Reply }
  | {
      readonly batch: string | null;
      readonly trouble: FrameErrorCode;
      readonly retryAfterMs: number;
      readonly message: string;
    }
  | { readonly garbled: string };

/** The answer to a frame that was stored. */
export interface Reply {
  readonly batch: string | null;
  readonly epoch: string;
  readonly counts: Partial<Record<Outcome, number>>;
  readonly repeated?: readonly number[];
  readonly errors?: readonly { readonly index: number; readonly outcome: Outcome; readonly reason: string }[];
}

/** A fix's outcome; `unlisted` where a reply counts more refusals than it lists. */
export type FixOutcome = Outcome | "unlisted";

/** Reads a server's text frame. */
export function parseAnswer(text: string): Answer {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { garbled: text.slice(0, 200) };
  }
  const answer = value as Partial<Reply> & { error?: { code?: string; retry_after_ms?: number; message?: string } };
  const batch = answer?.batch ?? null;
  if (answer?.error !== undefined && isErrorCode(answer.error.code)) {
    const { code, retry_after_ms: retryAfterMs = 0, message = "" } = answer.error;
    return { batch, trouble: code, retryAfterMs, message };
  }
  if (typeof answer?.epoch !== "string" || typeof answer.counts !== "object") return { garbled: text.slice(0, 200) };
  return { batch, reply: answer as Reply };
}

function isErrorCode(code: string | undefined): code is FrameErrorCode {
  return code === "bad_frame" || code === "busy" || code === "unknown";
}

/** The outcome of each of a frame's fixes, in their order. */
export function outcomesOf(reply: Reply, count: number): FixOutcome[] {
  const listed = (reply.repeated?.length ?? 0) + (reply.errors?.length ?? 0);
  const missing = count - (reply.counts.accepted ?? 0) - listed;
  const outcomes = new Array<FixOutcome>(count).fill(missing > 0 ? "unlisted" : "accepted");
  for (const index of reply.repeated ?? []) outcomes[index] = "repeated";
  for (const { index, outcome } of reply.errors ?? []) outcomes[index] = outcome;
  return outcomes;
}

/** Whether a reply accounts for every fix of its frame: the contract promises each exactly one outcome. */
export function accountsForAll(reply: Reply, count: number): boolean {
  return Object.values(reply.counts).reduce((sum, n) => sum + n, 0) === count;
}
