import type { Logger } from "@encounter/core/service/log";
import { RefusalTrace } from "@encounter/core/service/refusal-trace";
import type { FastifyInstance } from "fastify";
import { bearerOf } from "./bearer.ts";

/** Leaves a trace in the log of those who come without any credential; of wrong ones the look-up leaves it. */
export function traceStrangers(app: FastifyInstance, log: Logger, now: () => number): void {
  const trace = new RefusalTrace(log, now);
  app.server.on("upgrade", (request) => {
    if (bearerOf(request) === null) trace.note("no credential");
  });
  app.addHook("onResponse", async ({ raw }, { statusCode }) => {
    if (statusCode === 401 && bearerOf(raw) === null) trace.note("no credential");
  });
}
