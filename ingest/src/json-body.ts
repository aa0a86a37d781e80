import { isUtf8 } from "node:buffer";
import type { FastifyInstance } from "fastify";

/** A request that cannot be understood; the message says why. */
class BadRequestError extends Error {
  override readonly name = "BadRequestError";
  readonly statusCode = 400;
}

/**
 * Reads every body of these routes as JSON, whatever its content type says and where there is none: `curl -d` and
 * phones' HTTP clients call a body a form unless told otherwise.
 */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addHook("onRequest", async (request) => {
    // Not even a content type that is none may keep a body from being read.
    request.raw.headers["content-type"] = "application/json";
  });
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, async (_request: unknown, body: Buffer) =>
    parseBody(body),
  );
}

/** An empty body is none. */
function parseBody(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  if (!isUtf8(body)) throw new BadRequestError("the body is not UTF-8");
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (error) {
    throw new BadRequestError(`the body is not JSON: ${(error as Error).message}`);
  }
}
