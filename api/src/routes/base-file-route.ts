import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { basename, dirname } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { answers } from "../http/route-schema.ts";
import type { ApiServices } from "../services.ts";

/** Where the map finds a base that lies on this machine. */
export const BASE_FILE_PATH = "/v1/base.pmtiles";

/** The map asks for many small ranges, again whenever it is opened; a changed file has another ETag. */
const CACHE_CONTROL = "private, max-age=3600";

/** Serves the PMTiles archive that is configured as a file, in the ranges that a map asks for. */
export async function baseFileRoute(app: FastifyInstance, { config, log }: ApiServices): Promise<void> {
  const file = config.map.pmtilesFile;
  if (file === null) return;
  // The map does without a base, and so does everything else.
  await access(file, constants.R_OK).catch(() => log.warn({ file }, "MAP_PMTILES_FILE cannot be read"));
  await app.register(fastifyStatic, {
    serve: false,
    cacheControl: false,
    setHeaders: (reply) => {
      reply.header("cache-control", CACHE_CONTROL);
    },
  });
  app.get(
    BASE_FILE_PATH,
    {
      schema: {
        tags: ["map"],
        summary: "The map's base, where it is a file: a PMTiles archive, by ranges",
        response: answers(
          { 200: { description: "the whole archive" }, 206: { description: "the range that was asked for" } },
          401,
          404,
        ),
      },
    },
    (_request, reply) => reply.sendFile(basename(file), dirname(file), { dotfiles: "allow" }),
  );
}
