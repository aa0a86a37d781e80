import type { PasswordSignIn, SessionInfo, SignInWays } from "@encounter/core/wire/accounts";
import { OWNER } from "../access/rights.ts";
import { getJsonOr } from "./requests.ts";

/** Why a sign-in did not succeed. */
export type SignInTrouble = "wrong" | "code" | "tooMany" | "failed" | "linkOver" | "passwordRefused";

/** Who is signed in. @throws SignedOut | Refused | Unreachable */
export function fetchSession(): Promise<SessionInfo> {
  return getJsonOr<SessionInfo>("/v1/session", OWNER);
}

/** In which other ways one may sign in. @throws Refused | Unreachable */
export function fetchSignInWays(): Promise<SignInWays> {
  return getJsonOr<SignInWays>("/v1/sign-in", { openid: null });
}

/** Opens a session; null where that succeeds. */
export function signInWith(proof: { token: string } | PasswordSignIn): Promise<SignInTrouble | null> {
  return send("/v1/session", proof);
}

/** Sets a password with the code of a one-time link; null where that succeeds. */
export function choosePassword(code: string, password: string): Promise<SignInTrouble | null> {
  return send("/v1/password", { code, password });
}

async function send(path: string, body: object): Promise<SignInTrouble | null> {
  try {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(path, {
      method: "POST",
      credentials: "same-origin",
      headers,
      body: JSON.stringify(body),
    });
    return answer.ok ? null : await troubleIn(answer);
  } catch {
    return "failed";
  }
}

async function troubleIn(answer: Response): Promise<SignInTrouble> {
  if (answer.status === 429) return "tooMany";
  if (answer.status === 404) return "linkOver";
  if (answer.status === 401) {
    const { error } = (await answer.json().catch(() => ({}))) as { error?: { code?: string } };
    return error?.code === "code_needed" ? "code" : "wrong";
  }
  if (answer.status === 400) return answer.url.endsWith("/v1/password") ? "passwordRefused" : "wrong";
  return "failed";
}
