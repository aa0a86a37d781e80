import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";

/**
 * Asks a door of this start's own. Where it speaks TLS, it must show the very certificate that it was given: whom else
 * that is for does not matter here.
 * @param {string} url
 * @param {{ method?: string, headers?: Record<string, string>, body?: string, timeoutMs: number }} wanted
 * @param {string} [certFile]
 * @returns {Promise<{ status: number, text: string }>}
 */
export function askOwnDoor(
  url,
  { method = "GET", headers = {}, body, timeoutMs },
  certFile = process.env.TLS_CERT_FILE,
) {
  const secure = url.startsWith("https:");
  const pinned = secure && certFile ? pinnedTo(certFile) : {};
  return new Promise((resolve, reject) => {
    const options = { method, headers, agent: false, signal: AbortSignal.timeout(timeoutMs), ...pinned };
    const request = (secure ? https : http).request(url, /** @type {https.RequestOptions} */ (options), (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** @param {string} certFile */
function pinnedTo(certFile) {
  return { ca: readFileSync(certFile), allowPartialTrustChain: true, checkServerIdentity: () => undefined };
}
