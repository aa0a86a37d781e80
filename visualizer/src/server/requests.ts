import { withCase } from "../access/case-reference.ts";

const JSON_HEADERS = { "content-type": "application/json" };

/** The session is missing, over or revoked: sign in. */
export class SignedOut extends Error {}

/** The server answered with an error: `status` and its own words. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The server has too much to do: the same may be asked again in a moment. */
export class Busy extends Refused {}

/** The server did not answer. */
export class Unreachable extends Error {}

/** The answer as an error, with the server's own words. */
async function refusalOf(response: Response): Promise<Refused> {
  const body = (await response.json().catch(() => null)) as { error?: { code?: string; message?: string } } | null;
  const message = body?.error?.message ?? response.statusText;
  const isBusy = response.status === 429 || (response.status === 503 && body?.error?.code === "busy");
  return isBusy ? new Busy(response.status, message) : new Refused(response.status, message);
}

/** A request to the api whose answer is good. @throws SignedOut | Refused | Busy | Unreachable */
export async function ask(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(withCase(path), { credentials: "same-origin", cache: "no-store", ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable(String(error));
  }
  if (response.ok) return response;
  if (response.status === 401) throw new SignedOut();
  // A balancer with nobody behind it answers in the server's place.
  if (response.status === 502 || response.status === 504) throw new Unreachable(response.statusText);
  throw await refusalOf(response);
}

/**
 * Reads JSON from the api.
 * @throws SignedOut | Refused | Unreachable
 */
export async function getJson<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  const response = await ask(path, signal === undefined ? {} : { signal });
  return (await response.json()) as Answer;
}

/**
 * Reads bytes from the api, with the answer's headers.
 * @throws SignedOut | Refused | Unreachable
 */
export async function getBytes(path: string, signal: AbortSignal): Promise<{ bytes: ArrayBuffer; headers: Headers }> {
  const response = await ask(path, { signal });
  return { bytes: await response.arrayBuffer(), headers: response.headers };
}

/** As {@link getJson}, with `otherwise` where there is no such thing (404). */
export async function getJsonOr<Answer>(path: string, otherwise: Answer, signal?: AbortSignal): Promise<Answer> {
  try {
    return await getJson<Answer>(path, signal);
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return otherwise;
    throw error;
  }
}

/**
 * Sends JSON, or nothing, to the api; the answer's body is not read.
 * @throws SignedOut | Refused | Unreachable
 */
export async function sendJson(method: "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<void> {
  await ask(path, { method, ...contentOf(body) });
}

/** As {@link sendJson}, with the JSON that the api answers. */
export async function exchangeJson<Answer>(
  method: "POST" | "PUT" | "DELETE",
  path: string,
  body: unknown,
): Promise<Answer> {
  const response = await ask(path, { method, ...contentOf(body) });
  return (await response.json()) as Answer;
}

function contentOf(body: unknown): RequestInit {
  return body === undefined ? {} : { body: JSON.stringify(body), headers: JSON_HEADERS };
}
