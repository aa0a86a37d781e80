import * as client from "openid-client";
import type { OpenIdConfig } from "../config.ts";

/** Where the provider sends a browser back to. */
export const OPENID_RETURN_PATH = "/openid/return";
/** The provider must answer within that, s: a browser waits. */
const TIMEOUT_S = 10;
const SCOPE = "openid email";

/** What must come back from the provider as it went there. It stays here: the browser holds but a key to it. */
export interface OpenIdAttempt {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Who somebody is, by the provider's word. */
export interface OpenIdPerson {
  readonly issuer: string;
  readonly subject: string;
  /** Null where the provider knows none, or has not verified it. */
  readonly mail: string | null;
}

/** Asks an OpenID provider who somebody is: authorization code flow with PKCE. */
export class OpenIdProvider {
  private readonly config: OpenIdConfig;
  private found: Promise<client.Configuration> | null = null;

  constructor(config: OpenIdConfig) {
    this.config = config;
  }

  /** Where to send a browser, and what to remember meanwhile. */
  async begin(): Promise<{ url: URL; attempt: OpenIdAttempt }> {
    const attempt = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
    };
    const url = client.buildAuthorizationUrl(await this.discover(), {
      redirect_uri: this.returnUrl(""),
      scope: SCOPE,
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: "S256",
    });
    return { url, attempt };
  }

  /** Who came back. @throws where the provider refused, or the answer is not the one to this attempt */
  async finish(query: string, { state, nonce, verifier }: OpenIdAttempt): Promise<OpenIdPerson> {
    const provider = await this.discover();
    const tokens = await client.authorizationCodeGrant(provider, new URL(this.returnUrl(query)), {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims === undefined) throw new Error("the provider sent no id token");
    const told = claims.email === undefined ? await this.askForMail(provider, tokens.access_token, claims.sub) : claims;
    const mail = told?.email_verified === true && typeof told.email === "string" ? told.email.toLowerCase() : null;
    return { issuer: claims.iss, subject: claims.sub, mail };
  }

  private async askForMail(provider: client.Configuration, accessToken: string, subject: string) {
    if (provider.serverMetadata().userinfo_endpoint === undefined) return null;
    return client.fetchUserInfo(provider, accessToken, subject);
  }

  private returnUrl(query: string): string {
    return `${this.config.publicUrl}${OPENID_RETURN_PATH}${query}`;
  }

  /** The provider's own description of itself; asked for again where it was not to be had. */
  private discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.config;
    const server = new URL(issuer);
    const authentication = clientSecret === null ? client.None() : client.ClientSecretBasic(clientSecret);
    // Only on this machine itself: the configuration takes no other http URL.
    const execute = server.protocol === "http:" ? [client.allowInsecureRequests] : [];
    this.found ??= client.discovery(server, clientId, undefined, authentication, { execute, timeout: TIMEOUT_S });
    this.found.catch(() => {
      this.found = null;
    });
    return this.found;
  }
}
