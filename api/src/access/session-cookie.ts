import type { IncomingHttpHeaders } from "node:http";

const NAME = "encounter_session";
/** What a session's id is made of: nothing that a cookie would have to quote. */
const ID = /^[\w-]+$/;

/** The session id that a request's cookie holds, or null. */
export function sessionIdOf(headers: IncomingHttpHeaders): string | null {
  for (const cookie of (headers.cookie ?? "").split(";")) {
    const [name, id = ""] = cookie.trim().split("=", 2);
    if (name === NAME && ID.test(id)) return id;
  }
  return null;
}

/** The header that gives a browser its session, for as long as the browser runs. */
export function sessionCookie(id: string, headers: IncomingHttpHeaders): string {
  return `${NAME}=${id}; ${attributes(headers)}`;
}

/** The header that takes it away. */
export function endedSessionCookie(headers: IncomingHttpHeaders): string {
  return `${NAME}=; Max-Age=0; ${attributes(headers)}`;
}

function attributes(headers: IncomingHttpHeaders): string {
  const isSecure = headers["x-forwarded-proto"] === "https";
  return `Path=/; HttpOnly; SameSite=Strict${isSecure ? "; Secure" : ""}`;
}
