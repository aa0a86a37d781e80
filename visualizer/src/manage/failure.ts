import { texts } from "../language/language.ts";
import { Refused, SignedOut } from "../server/requests.ts";
import type { Opening } from "../state/opening.ts";

/** Why a call failed, for who made it; the server's own words where it refused. A session that is over signs out. */
export function failureWords(error: unknown, opening: Opening): string {
  const { refused, unreachable } = texts.peek().manage;
  if (error instanceof SignedOut) {
    void opening.start();
    return texts.peek().signedOut;
  }
  return error instanceof Refused ? refused(error.message) : unreachable;
}
