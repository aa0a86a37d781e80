import { OPERATOR_TOKEN } from "./door-under-test.ts";

/** An answer of the MappedIn contract. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

interface Request {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** HTTP basic credentials. */
export function basic(user: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
}

const OPERATOR = basic("operator", OPERATOR_TOKEN);

/** A position of now, as a phone reports it; `change` says what differs. */
export function positionOf(deviceId: string, venueId: string, change: object = {}): object {
  return {
    device: deviceId,
    time: Date.now(),
    lonlat: [-80.5358, 43.4829],
    acc: 2.5,
    floor: 0,
    userConsent: true,
    venue: venueId,
    ...change,
  };
}

/** A client of the MappedIn contract. It sends bodies as phones do: without saying that they are JSON. */
export class MappedinClient {
  private readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  async call<Body = { error: string }>(path: string, request: Request = {}): Promise<Answer<Body>> {
    const { method = "POST", headers = {}, body } = request;
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(this.url + path, { method, headers, ...(text === undefined ? {} : { body: text }) });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
  }

  inviteCode(venueId: string, body: unknown = { maxUses: 10 }, headers: Record<string, string> = OPERATOR) {
    type Body = { code: string; venue: string; maxUses: number; error: string };
    return this.call<Body>(`/invite-code/${encodeURIComponent(venueId)}`, { headers, body });
  }

  activate(deviceId: string, code: string) {
    const path = `/device/${encodeURIComponent(deviceId)}/activate`;
    return this.call<{ venue: string; error: string }>(path, { body: { deviceType: "iPhone 11", code } });
  }

  deviceToken(deviceId: string) {
    const path = `/device/${encodeURIComponent(deviceId)}/token`;
    return this.call<{ expiresAt: string; token: string; error: string }>(path, { method: "GET" });
  }

  sendPositions(token: string, positions: unknown, headers: Record<string, string> = {}) {
    const authorization = `Bearer ${token}`;
    const request = { headers: { authorization, ...headers }, body: positions };
    return this.call<{ status: number; message: string }[]>("/positions", request);
  }

  /** A device's token, by all the steps that it takes. @throws where one of them fails */
  async tokenOf(deviceId: string, venueId: string): Promise<string> {
    const { code } = (await this.inviteCode(venueId)).body;
    const activation = await this.activate(deviceId, code);
    if (activation.body.venue !== venueId) throw new Error(JSON.stringify(activation.body));
    const { status, body } = await this.deviceToken(deviceId);
    if (status !== 200) throw new Error(body.error);
    return body.token;
  }
}
