import type { FastifyInstance, FastifyRequest, RouteOptions } from "fastify";
import type { AuditLog } from "../audit/audit-log.ts";
import { describeRight } from "../http/route-schema.ts";
import type { Access, Pass } from "./access.ts";
import { rightInWords, rightOf } from "./rights.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Who asks, and how they are answered; null on calls that are open to all. */
    pass: Pass | null;
  }
}

/** What paths and queries of guarded calls may name. */
interface Named {
  readonly venue?: string;
  readonly device?: string;
  readonly account?: string;
  readonly minute?: string;
  readonly id?: string;
}

const MINUTES_PER_WINDOW = 60;

/** Lets every call of a scope pass by the table of rights alone, and writes down what the table says before it is done. */
export function guard(app: FastifyInstance, access: Access, audit: AuditLog): void {
  app.decorateRequest("pass", null);
  app.addHook("onRoute", describe);
  app.addHook("onRequest", async (request) => {
    const { venue } = request.params as Named;
    const { case: given } = request.query as { case?: unknown };
    const route = routeOf(request);
    request.pass = await access.admit(request.raw, {
      right: rightOf(request.method, route),
      route: `${request.method} ${route}`,
      venueId: venue ?? null,
      case: typeof given === "string" ? given : undefined,
    });
  });
  app.addHook("preHandler", async (request) => writeDown(request, audit));
}

/** Whoever passed. @throws Error on a call that is open to all */
export function passOf({ pass }: FastifyRequest): Pass {
  if (pass === null) throw new Error("this call is not guarded");
  return pass;
}

function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? "";
}

/** Says in each call's description who may make it. A call that the table does not name is an error of ours. */
function describe(route: RouteOptions): void {
  for (const method of [route.method].flat()) {
    if (method === "HEAD" || method === "OPTIONS") continue;
    describeRight(route, rightInWords(rightOf(method, route.url)));
  }
}

async function writeDown(request: FastifyRequest, audit: AuditLog): Promise<void> {
  const { principal, venue, case: reference } = passOf(request);
  const { audit: action } = rightOf(request.method, routeOf(request));
  if (action === undefined) return;
  const { device, account, id, minute } = request.params as Named;
  const window = action === "read.minutes" ? Math.floor(Number(minute) / MINUTES_PER_WINDOW) : null;
  const detail = {
    ...(account && { account }),
    ...(id && { key: id }),
    ...bodyDetail(request, action),
    ...queryDetail(request),
    ...windowDetail(window),
  };
  const event = {
    actor: principal.name,
    action,
    venue: venue ?? undefined,
    case: reference ?? undefined,
    deviceId: device,
    detail: Object.keys(detail).length === 0 ? undefined : detail,
  };
  const once = [
    principal.name,
    action,
    venue?.venueId ?? "",
    venue?.incarnation ?? "",
    reference ?? "",
    String(window),
  ];
  await audit.write(event, window === null ? null : once);
}

/** What of a body says what is changed: which roles, and which settings. Names and secrets of others are not told. */
function bodyDetail({ body }: FastifyRequest, action: string): Record<string, unknown> {
  if (typeof body !== "object" || body === null) return {};
  if (action === "venue.put") return { settings: Object.keys(body) };
  return action.startsWith("account.") && "roles" in body ? { roles: body.roles } : {};
}

/** What of a query says how much was read, and how it went out. */
function queryDetail(request: FastifyRequest): Record<string, string> {
  const query = request.query as Record<string, string>;
  return Object.fromEntries(
    ["from", "to", "format", "limit"].flatMap((name) => (query[name] ? [[name, query[name]]] : [])),
  );
}

function windowDetail(window: number | null): Record<string, number> {
  if (window === null || !Number.isFinite(window)) return {};
  const startMs = window * MINUTES_PER_WINDOW * 60_000;
  return { from: startMs, to: startMs + MINUTES_PER_WINDOW * 60_000 };
}
