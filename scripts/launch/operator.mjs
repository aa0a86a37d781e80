import { Trouble } from "../trouble.mjs";
import { askOwnDoor } from "./own-door.mjs";

const ANSWER_MS = 30_000;

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
    const { status, text } = await this.#send(method, path, body);
    if (status >= 200 && status < 300) return text === "" ? undefined : JSON.parse(text);
    if (method === "GET" && status === 404) return undefined;
    throw new Trouble(`${method} ${path} was answered with ${status}: ${text.slice(0, 200)}`);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} body
   */
  async #send(method, path, body) {
    const authorization = `Bearer ${this.token}`;
    const request = body === undefined ? {} : { body: JSON.stringify(body) };
    /** @type {Record<string, string>} */
    const headers = body === undefined ? { authorization } : { authorization, "content-type": "application/json" };
    try {
      return await askOwnDoor(`${this.apiUrl}${path}`, { method, headers, timeoutMs: ANSWER_MS, ...request });
    } catch (error) {
      const { cause, message } = /** @type {Error} */ (error);
      throw new Trouble(`${method} ${path} got no answer: ${cause instanceof Error ? cause.message : message}`);
    }
  }

  /** @returns {Promise<string>} a URL that opens the map, signed in, once */
  async signInUrl() {
    const { url_path: path } = await this.ask("POST", "/v1/sign-in-links");
    return `${this.apiUrl}${path}`;
  }
}
