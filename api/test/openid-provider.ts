import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";

export const CLIENT = { id: "encounter", secret: "a client's secret of tests" };

/** A person as the provider knows them. */
export interface KnownPerson {
  readonly email: string;
  readonly email_verified: boolean;
}

/** A real OpenID provider with its own sign-in pages, whose people have the passwords that their names are. */
export class OpenIdProviderServer {
  readonly issuer: string;
  private readonly http: Server;

  private constructor(issuer: string, http: Server) {
    this.issuer = issuer;
    this.http = http;
  }

  static async start(people: Record<string, KnownPerson>, redirectUri: (issuer: string) => string) {
    let handle: ReturnType<Provider["callback"]> = (_, response) => response.end();
    const http = createServer((request, response) => handle(request, response));
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: [redirectUri(issuer)],
          response_types: ["code"],
        },
      ],
      claims: { openid: ["sub"], email: ["email", "email_verified"] },
      pkce: { required: () => true },
      findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    });
    handle = provider.callback();
    return new OpenIdProviderServer(issuer, http);
  }

  async stop(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }
}

/** A browser as far as signing in takes one: it keeps cookies by origin, follows redirects and sends forms. */
export class SmallBrowser {
  private readonly cookies = new Map<string, Map<string, string>>();

  /** Where a URL leads in the end, and what is there. */
  async open(url: string, form?: Record<string, string>): Promise<{ url: string; status: number; text: string }> {
    let at = url;
    let body = form === undefined ? null : new URLSearchParams(form);
    for (let hop = 0; hop < 20; hop++) {
      const answer = await this.send(at, body);
      const target = answer.headers.get("location");
      if (target === null) return { url: at, status: answer.status, text: await answer.text() };
      await answer.text();
      at = new URL(target, at).href;
      body = null;
    }
    throw new Error(`${url} leads nowhere`);
  }

  /** Signs in at the provider, whose pages ask first who one is and then whether that may be told. */
  async signInAt(startUrl: string, name: string): Promise<string> {
    let page = await this.open(startUrl);
    for (let step = 0; step < 3 && page.text.includes("<form"); step++) {
      const action = /<form[^>]* action="([^"]+)"/.exec(page.text)?.[1] ?? "";
      const prompt = /name="prompt" value="(\w+)"/.exec(page.text)?.[1] ?? "";
      page = await this.open(new URL(action, page.url).href, { prompt, login: name, password: name });
    }
    return page.url;
  }

  cookieFor(url: string): string {
    return [...(this.cookies.get(new URL(url).origin) ?? [])].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  private async send(url: string, body: URLSearchParams | null): Promise<Response> {
    const answer = await fetch(url, {
      redirect: "manual",
      headers: { cookie: this.cookieFor(url) },
      ...(body === null ? {} : { method: "POST", body }),
    });
    const { origin } = new URL(url);
    const kept = this.cookies.get(origin) ?? new Map<string, string>();
    this.cookies.set(origin, kept);
    for (const set of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === "") kept.delete(name);
      else kept.set(name, value);
    }
    return answer;
  }
}
