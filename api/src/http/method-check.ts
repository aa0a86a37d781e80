import type { FastifyInstance, FastifyRequest, RouteOptions } from "fastify";
import { ApiError, notFound } from "./api-error.ts";

interface KnownPath {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

/** Tells a path that does not exist from one that takes other methods. Register it before the routes. */
export function explainMissingRoutes(app: FastifyInstance): void {
  const paths = new Map<string, KnownPath>();
  app.addHook("onRoute", ({ url, method }: RouteOptions) => {
    if (url.includes("*")) return;
    const known = paths.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    for (const each of [method].flat()) known.methods.add(each);
    paths.set(url, known);
  });
  app.setNotFoundHandler((request) => {
    throw explain(request, [...paths.values()]);
  });
}

function patternOf(url: string): RegExp {
  const segments = url.split("/").map((segment) => {
    return segment.startsWith(":") ? "[^/]+" : segment.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${segments.join("/")}$`);
}

function explain(request: FastifyRequest, paths: readonly KnownPath[]): ApiError {
  const path = request.url.split("?", 1)[0] as string;
  const methods = paths.find(({ pattern }) => pattern.test(path))?.methods;
  if (methods === undefined || methods.has(request.method))
    return notFound("there is nothing here: see /docs for all calls");
  const allowed = [...methods].sort().join(", ");
  return new ApiError(405, "method_not_allowed", `${request.method} is not a method of this path: use ${allowed}`, {
    allow: allowed,
  });
}
