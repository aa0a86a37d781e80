import type { FastifyReply, FastifyRequest } from "fastify";
import type { MapConfig } from "../config.ts";

/** What Mapbox's renderer fetches from when it is configured. */
const MAPBOX_ORIGINS = ["https://api.mapbox.com", "https://events.mapbox.com", "https://*.tiles.mapbox.com"];

const YEAR_S = 31_536_000;

/** What answers that no route gives have, too. */
export const BARE_HEADERS = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};

/**
 * Sets the headers that keep other sites, and whatever a venue's or a device's id may hold, out of the map's page.
 * Answers are personal data: nothing is stored on the way. The map's static files say otherwise for themselves.
 */
export function securityHeaders(
  map: MapConfig,
  isSecure: boolean,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const headers = {
    ...BARE_HEADERS,
    ...(isSecure ? { "strict-transport-security": `max-age=${YEAR_S}` } : {}),
    "content-security-policy": contentSecurityPolicy(map),
    "x-frame-options": "DENY",
    // The origin alone goes to tile servers: some demand it, and it tells nothing.
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
  };
  return async (_request, reply) => {
    reply.headers(headers);
  };
}

function contentSecurityPolicy(map: MapConfig): string {
  const hosts = mapOrigins(map).join(" ");
  const policy: Record<string, string> = {
    "default-src": "'none'",
    "script-src": "'self'",
    // Both renderers may start their workers from a blob.
    "worker-src": "'self' blob:",
    "style-src": "'self'",
    "font-src": "'self' data:",
    "img-src": `'self' data: blob: ${hosts}`,
    "connect-src": `'self' ${hosts}`,
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
  };
  return Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources.trim()}`)
    .join("; ");
}

function mapOrigins({ mapboxToken, styleUrl, pmtilesUrl, origins }: MapConfig): string[] {
  const ofUrls = [styleUrl, pmtilesUrl]
    .filter((url) => url?.startsWith("http"))
    .map((url) => new URL(url as string).origin);
  return [...new Set([...(mapboxToken === null ? [] : MAPBOX_ORIGINS), ...ofUrls, ...origins])];
}
