import { openIdKey } from "@encounter/core/storage/keys";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { openSession } from "../access/open-session.ts";
import { hashOf, newSecret } from "../access/secret.ts";
import { cookieOf, openIdCookie } from "../access/session-cookie.ts";
import type { StoredAccount } from "../accounts/account-store.ts";
import { OPENID_RETURN_PATH, type OpenIdAttempt, type OpenIdPerson, OpenIdProvider } from "../accounts/openid.ts";
import { answers, emptyAnswer } from "../http/route-schema.ts";
import type { ApiServices } from "../services.ts";

export const OPENID_START_PATH = "/openid/start";
/** How long somebody may take at the provider, s. */
const ATTEMPT_TTL_S = 600;
const tags = ["sign-in"];

/** Signing in by an OpenID provider, where one is configured: open to all. */
export function openIdRoutes(app: FastifyInstance, services: ApiServices): void {
  const { audit, config, connections, log, redis } = services;
  if (config.openId === null) return;
  const provider = new OpenIdProvider(config.openId);

  app.get(
    OPENID_START_PATH,
    {
      exposeHeadRoute: false,
      schema: {
        tags,
        summary: "Leads to the OpenID provider",
        security: [],
        response: answers({ 303: emptyAnswer("to the provider, or to the sign-in page where it does not answer") }),
      },
    },
    async (request, reply) => {
      try {
        const { url, attempt } = await provider.begin();
        const id = newSecret();
        await redis.set(openIdKey(hashOf(id)), JSON.stringify(attempt), "EX", ATTEMPT_TTL_S);
        const cookie = openIdCookie(id, connections.isSecure(request.raw), ATTEMPT_TTL_S);
        return reply.header("set-cookie", cookie).redirect(url.href, 303);
      } catch (error) {
        log.warn({ reason: (error as Error).message }, "the OpenID provider cannot be asked");
        return reply.redirect("/#sign-in=provider-away", 303);
      }
    },
  );

  app.get(
    OPENID_RETURN_PATH,
    {
      exposeHeadRoute: false,
      schema: {
        tags,
        summary: "Where the OpenID provider sends browsers back to",
        security: [],
        response: answers({ 303: emptyAnswer("to the map, signed in; or to the sign-in page, which says why not") }),
      },
    },
    async (request, reply) => {
      const person = await whoCameBack(request);
      if (person === null) return reply.redirect("/#sign-in=provider-refused", 303);
      const account = await bind(person);
      if (account === null) {
        await audit.note({ actor: "nobody", action: "sign-in.failed", detail: { by: "openid" } });
        return reply.redirect("/#sign-in=unknown-person", 303);
      }
      const { name, generation } = account;
      await audit.write({ actor: name, action: "sign-in", detail: { by: "openid" } });
      const cookie = await openSession(services, request, { kind: "account", name, generation });
      return reply.header("set-cookie", cookie).redirect("/", 303);
    },
  );

  /** Who the provider says it is, once for each attempt; null where it does not, or nobody here had asked it. */
  async function whoCameBack(request: FastifyRequest): Promise<OpenIdPerson | null> {
    const id = cookieOf("openId", request.headers, connections.isSecure(request.raw));
    const attempt = id === null ? null : await redis.getdel(openIdKey(hashOf(id)));
    if (attempt === null) return null;
    const query = /\?.*$/.exec(request.url)?.[0] ?? "";
    return provider.finish(query, JSON.parse(attempt) as OpenIdAttempt).catch((error: Error) => {
      log.warn({ reason: error.message }, "an OpenID sign-in was refused");
      return null;
    });
  }

  /** The account of a person. One that waits for a verified mail address is the person's from then on. */
  async function bind({ issuer, subject, mail }: OpenIdPerson): Promise<StoredAccount | null> {
    const all = await services.accounts.list();
    const bound = all.find(({ openId }) => openId?.issuer === issuer && openId.subject === subject);
    if (bound !== undefined || mail === null) return bound ?? null;
    const waiting = all.find((account) => account.openId === null && account.mail === mail);
    if (waiting === undefined) return null;
    const account = await services.accounts.change(waiting.name, (stored) =>
      stored?.openId === null && stored.mail === mail ? { ...stored, openId: { issuer, subject } } : stored,
    );
    return account?.openId?.issuer === issuer && account.openId.subject === subject ? account : null;
  }
}
