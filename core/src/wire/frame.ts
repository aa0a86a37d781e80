/** Most fixes in one frame. */
export const FIXES_PER_FRAME_MAX = 1_000;
/** Most bytes of one frame or POST body. */
export const FRAME_BYTES_MAX = 1_048_576;
/** Longest label of a batch, UTF-16 units. */
export const BATCH_LENGTH_MAX = 64;

/** A frame that is one of the three forms; its fixes are not looked at yet. */
export interface Frame {
  readonly batch: string | null;
  readonly fixes: readonly unknown[];
}

/** A frame that is none of the forms; `message` says why. */
export interface BadFrame {
  readonly trouble: string;
}

/** Reads a text frame: one fix, an array of fixes, or `{"batch","positions"}`. */
export function parseFrame(text: string): Frame | BadFrame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { trouble: `not JSON: ${(error as SyntaxError).message}` };
  }
  return toFrame(value);
}

/** Sorts a parsed frame into its form. */
export function toFrame(value: unknown): Frame | BadFrame {
  if (typeof value !== "object" || value === null) {
    return { trouble: 'send a fix, an array of fixes, or {"batch":"...","positions":[...]}' };
  }
  if (Array.isArray(value)) return withinLimit({ batch: null, fixes: value });
  if (isBatch(value)) return withinLimit({ batch: value.batch ?? null, fixes: value.positions });
  return { batch: null, fixes: [value] };
}

function isBatch(value: object): value is { batch?: string | null; positions: unknown[] } {
  if (!("positions" in value) || !Array.isArray(value.positions)) return false;
  if (!("batch" in value) || value.batch === null) return true;
  return typeof value.batch === "string" && value.batch.length <= BATCH_LENGTH_MAX;
}

function withinLimit(frame: Frame): Frame | BadFrame {
  if (frame.fixes.length <= FIXES_PER_FRAME_MAX) return frame;
  return { trouble: `${frame.fixes.length} fixes: at most ${FIXES_PER_FRAME_MAX} in one frame` };
}
