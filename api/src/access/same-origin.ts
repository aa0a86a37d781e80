import type { IncomingHttpHeaders } from "node:http";

/**
 * Whether a browser sent a request from one of this service's own pages. `Sec-Fetch-Site` is the browser's own word;
 * where it is not sent (no HTTPS), the `Origin` must be the host that was asked, by the same scheme. Neither means no.
 */
export function isSameOrigin(headers: IncomingHttpHeaders, isSecure: boolean): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin";
  const { origin, host } = headers;
  if (origin === undefined || host === undefined || !URL.canParse(origin)) return false;
  const { protocol, host: own } = new URL(origin);
  return own === host.toLowerCase() && (protocol === "https:" || !isSecure);
}

/** Whether a request can have come from another site's page. */
export function isCrossSite(headers: IncomingHttpHeaders, isSecure: boolean): boolean {
  const isFromPage = headers.origin !== undefined || headers["sec-fetch-site"] !== undefined;
  return isFromPage && !isSameOrigin(headers, isSecure);
}
