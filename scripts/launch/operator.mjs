import { Trouble } from "../trouble.mjs";

/** What the launcher asks of the operators' door, as any operator could. */
export class Operator {
  /**
   * @param {string} apiUrl
   * @param {string} token
   */
  constructor(apiUrl, token) {
    this.apiUrl = apiUrl;
    this.token = token;
  }

  /**
   * @param {"GET" | "PUT" | "POST" | "DELETE"} method
   * @param {string} path
   * @param {unknown} [body] sent as JSON
   * @returns {Promise<any>} the answer's JSON, or undefined for a 404 to a GET
   * @throws {Trouble} for any other answer that is no success
   */
  async ask(method, path, body) {
    const response = await fetch(`${this.apiUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    const text = await response.text();
    if (response.ok) return text === "" ? undefined : JSON.parse(text);
    if (method === "GET" && response.status === 404) return undefined;
    throw new Trouble(`${method} ${path} was answered with ${response.status}: ${text.slice(0, 200)}`);
  }

  /** @returns {Promise<string>} a URL that opens the map, signed in, once */
  async signInUrl() {
    const { url_path: path } = await this.ask("POST", "/v1/sign-in-links");
    return `${this.apiUrl}${path}`;
  }
}
