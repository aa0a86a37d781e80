import { didNothing } from "@encounter/core/service/script";

/** What a client is told to wait when the store is away, s. */
export const RETRY_AFTER_S = 2;

/**
 * Whether an error that no route threw on purpose tells of a Redis that does not answer, or not now. Redis' clients
 * throw plain errors for that; an error of our own making is of the language's kinds, or Redis' "ERR".
 */
export function isStoreAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === "ReplyError") return didNothing(error);
  return ![TypeError, RangeError, ReferenceError, SyntaxError].some((mistake) => error instanceof mistake);
}
