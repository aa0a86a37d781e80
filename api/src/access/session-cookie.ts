import type { IncomingHttpHeaders } from "node:http";

/**
 * Over TLS the prefix makes browsers refuse a cookie that another host or a page without TLS would set, and the bare
 * name counts nothing. On loopback there is no TLS, and not every browser takes a secure cookie there.
 */
const BARE = { session: "encounter_session", openId: "encounter_openid" };
/** What a secret is made of: nothing that a cookie would have to quote. */
const SECRET = /^[\w-]+$/;

type CookieName = keyof typeof BARE;

/** A cookie's value in a request, or null. */
export function cookieOf(name: CookieName, headers: IncomingHttpHeaders, isSecure: boolean): string | null {
  const wanted = fullName(name, isSecure);
  for (const cookie of (headers.cookie ?? "").split(";")) {
    const [found, value = ""] = cookie.trim().split("=", 2);
    if (found === wanted && SECRET.test(value)) return value;
  }
  return null;
}

/** The header that gives a browser its session, for as long as the browser runs. */
export function sessionCookie(id: string, isSecure: boolean): string {
  return `${fullName("session", isSecure)}=${id}; ${attributes("Strict", isSecure)}`;
}

/** The header that takes it away. */
export function endedSessionCookie(isSecure: boolean): string {
  return `${fullName("session", isSecure)}=; Max-Age=0; ${attributes("Strict", isSecure)}`;
}

/** The header that lets a browser come back from the OpenID provider: another site, which a strict cookie would not survive. */
export function openIdCookie(id: string, isSecure: boolean, lifetimeS: number): string {
  return `${fullName("openId", isSecure)}=${id}; Max-Age=${lifetimeS}; ${attributes("Lax", isSecure)}`;
}

function fullName(name: CookieName, isSecure: boolean): string {
  return isSecure ? `__Host-${BARE[name]}` : BARE[name];
}

function attributes(sameSite: "Strict" | "Lax", isSecure: boolean): string {
  return `Path=/; HttpOnly; SameSite=${sameSite}${isSecure ? "; Secure" : ""}`;
}
