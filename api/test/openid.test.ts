import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../core/test/redis-server.ts";
import { CLIENT, OpenIdProviderServer, SmallBrowser } from "./openid-provider.ts";
import { OperatorsDoor } from "./operators-door.ts";

let provider: OpenIdProviderServer;
let door: OperatorsDoor;

beforeAll(async () => {
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const people = {
    bound: { email: "bound@example.org", email_verified: true },
    mailed: { email: "Mailed@Example.org", email_verified: true },
    claimant: { email: "mailed@example.org", email_verified: true },
    unverified: { email: "waiting@example.org", email_verified: false },
    stranger: { email: "stranger@example.org", email_verified: true },
  };
  provider = await OpenIdProviderServer.start(people, () => `${publicUrl}/openid/return`);
  door = await OperatorsDoor.open({
    API_PORT: String(port),
    PUBLIC_URL: publicUrl,
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: CLIENT.id,
    OIDC_CLIENT_SECRET: CLIENT.secret,
    OIDC_NAME: "the company",
  });
  await door.createVenue("hall");
  const put = (name: string, body: object) => door.ask(`/v1/accounts/${name}`, { method: "PUT", body });
  await put("bea", { roles: { hall: ["tracer"] }, openid: { issuer: provider.issuer, subject: "bound" } });
  await put("max", { roles: { hall: ["viewer"] }, mail: "mailed@example.org" });
  await put("uma", { roles: { hall: ["admin"] }, mail: "waiting@example.org" });
});
afterAll(async () => {
  await door.close();
  await provider.stop();
});

async function signIn(person: string): Promise<{ url: string; name: string | null }> {
  const browser = new SmallBrowser();
  const url = await browser.signInAt(`${door.api.url}/openid/start`, person);
  const cookie = browser.cookieFor(door.api.url);
  const info = await door.ask("/v1/session", { guest: true, headers: { cookie } });
  return { url: url.replace(door.api.url, ""), name: info.status === 200 ? info.json.name : null };
}

describe("an OpenID provider", () => {
  test("is told of on the sign-in page", async () => {
    const { json } = await door.ask("/v1/sign-in", { guest: true });
    expect(json).toEqual({ openid: { name: "the company", url_path: "/openid/start" } });
  });

  test("signs in whom an account is bound to, with the account's roles", async () => {
    expect(await signIn("bound")).toEqual({ url: "/", name: "bea" });
  });

  test("signs in by a verified address, which is the person's from then on", async () => {
    expect(await signIn("mailed")).toEqual({ url: "/", name: "max" });
    expect(await signIn("claimant")).toEqual({ url: "/#sign-in=unknown-person", name: null });
    expect(await signIn("mailed")).toEqual({ url: "/", name: "max" });
  });

  test.each(["stranger", "unverified"])("gives no session to %s, and says why", async (person) => {
    expect(await signIn(person)).toEqual({ url: "/#sign-in=unknown-person", name: null });
  });

  test("leaves entries in the audit log, and nobody's address", async () => {
    const { text, json } = await door.ask("/v1/audit?action=sign-in");
    expect(json.entries.map(({ actor, detail }: { actor: string; detail: object }) => [actor, detail])).toContainEqual([
      "bea",
      { by: "openid" },
    ]);
    expect((await door.ask("/v1/audit?action=sign-in.failed")).json.entries.length).toBeGreaterThan(0);
    expect(text).not.toContain("example.org");
  });
});

describe("a return that nobody here asked for", () => {
  const started = async () => {
    const start = await door.ask("/openid/start", { guest: true });
    const cookie = (start.headers.get("set-cookie") ?? "").split(";")[0] as string;
    return {
      cookie,
      attributes: start.headers.get("set-cookie") ?? "",
      to: new URL(start.headers.get("location") ?? ""),
    };
  };
  const back = async (query: string, cookie = "") => {
    const { status, headers } = await door.ask(`/openid/return${query}`, {
      guest: true,
      headers: cookie ? { cookie } : {},
    });
    return [status, headers.get("location"), headers.get("set-cookie")];
  };
  const REFUSED = [303, "/#sign-in=provider-refused", null];

  test("without its cookie, with another state, or a second time, signs nobody in", async () => {
    const { cookie, attributes, to } = await started();
    expect(attributes).toMatch(/SameSite=Lax/);
    expect(attributes).toMatch(/HttpOnly/);
    expect(to.searchParams.get("code_challenge_method")).toBe("S256");
    const state = to.searchParams.get("state");
    expect(await back(`?code=x&state=${state}`)).toEqual(REFUSED);
    expect(await back(`?code=x&state=forged`, cookie)).toEqual(REFUSED);
    // The first use of the cookie, though refused, was the last.
    expect(await back(`?code=x&state=${state}`, cookie)).toEqual(REFUSED);
    const another = await started();
    expect(await back(`?error=access_denied&state=${another.to.searchParams.get("state")}`, another.cookie)).toEqual(
      REFUSED,
    );
  });
});

test("a provider that is away is said to be", async () => {
  const lonely = await OperatorsDoor.open({
    PUBLIC_URL: "http://127.0.0.1:1",
    OIDC_ISSUER: "http://127.0.0.1:1",
    OIDC_CLIENT_ID: CLIENT.id,
  });
  try {
    const { status, headers } = await lonely.ask("/openid/start", { guest: true });
    expect([status, headers.get("location")]).toEqual([303, "/#sign-in=provider-away"]);
  } finally {
    await lonely.close();
  }
});
