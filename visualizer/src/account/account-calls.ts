import type { TotpOffer } from "@encounter/core/wire/accounts";
import { exchangeJson, sendJson } from "../server/requests.ts";

const PASSWORD = "/v1/session/password";
const SECOND_FACTOR = "/v1/session/second-factor";

// All of these throw SignedOut, Refused or Unreachable.

/** Changes one's own password; every other session ends. */
export function changePassword(current: string, password: string): Promise<void> {
  return sendJson("PUT", PASSWORD, { current, password });
}

/** Makes a second factor, which counts once it is confirmed. */
export function offerSecondFactor(): Promise<TotpOffer> {
  return exchangeJson<TotpOffer>("POST", SECOND_FACTOR, undefined);
}

export function confirmSecondFactor(code: string): Promise<void> {
  return sendJson("PUT", SECOND_FACTOR, { code });
}

export function endSecondFactor(code: string): Promise<void> {
  return sendJson("DELETE", SECOND_FACTOR, { code });
}
