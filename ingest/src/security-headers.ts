import type { FastifyReply, FastifyRequest } from "fastify";

/** For the few answers that no route gives, too: a door for devices has nothing that a browser could show or keep. */
export const SECURITY_HEADERS = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};
const YEAR_S = 31_536_000;

/** Sets the headers that every answer has. @param isSecure whether it goes out by TLS: clients are to keep to it */
export function securityHeaders(isSecure: boolean): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const transport = isSecure ? { "strict-transport-security": `max-age=${YEAR_S}` } : {};
  return async (_request, reply) => {
    reply.headers({ ...SECURITY_HEADERS, ...transport });
  };
}
