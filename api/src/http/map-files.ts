import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";

const YEAR_S = 31_536_000;

const NOT_BUILT = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Encounter</title>
<h1>The map is not built yet</h1>
<p>Run <code>npm run build</code> and reload this page. The calls of this service work without it: see <a href="/docs">/docs</a>.</p>
</html>
`;

/** Serves the built map: its page always fresh, its assets, whose names change with what they hold, for ever. */
export async function mapFiles(app: FastifyInstance, directory: string): Promise<void> {
  const hidden = { schema: { hide: true } };
  await app.register(fastifyStatic, {
    root: directory,
    index: false,
    cacheControl: false,
    decorateReply: true,
    schemaHide: true,
    setHeaders: (reply, path) => {
      const isNamedByContent = path.startsWith(join(directory, "assets"));
      reply.header("cache-control", isNamedByContent ? `public, max-age=${YEAR_S}, immutable` : "no-cache");
    },
  });
  app.get("/", hidden, (_request, reply) => {
    if (existsSync(join(directory, "index.html"))) return reply.sendFile("index.html");
    return reply.code(503).type("text/html; charset=utf-8").send(NOT_BUILT);
  });
}
