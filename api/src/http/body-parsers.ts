import type { FastifyInstance } from "fastify";
import { badRequest } from "./api-error.ts";

/** Bodies are JSON, whatever kind of it; none at all is fine where a call needs none. */
export function takeJsonBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(/^application\/([\w.-]+\+)?json(;|$)/i, { parseAs: "string" }, (request, text, done) => {
    if (text.length === 0) return done(null, undefined);
    return parseJson(request, text as string, (error, value) => {
      if (error === null || error === undefined) return done(null, value);
      return done(badRequest(`the body is not JSON: ${error.message}`));
    });
  });
}
