import type { BlockList } from "node:net";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readTrustedProxies } from "@encounter/core/service/client-address";
import {
  readMachineKey,
  readOperatorToken,
  readPort,
  readServiceEnvironment,
  type ServiceEnvironment,
  StartError,
} from "@encounter/core/service/environment";
import { DEFAULT_HTTP_TIMEOUTS, type HttpLimits, readLimits } from "@encounter/core/service/http-limits";
import { readTls, type TlsConfig } from "@encounter/core/service/tls";
import { isLoopback } from "./access/loopback.ts";
import type { SessionLimits } from "./access/session-store.ts";
import { AUDIT_RETENTION_DAYS } from "./audit/audit-retention-days.ts";

/** Where the map takes its base from, and which hosts it may talk to for that. */
export interface MapConfig {
  readonly mapboxToken: string | null;
  readonly styleUrl: string | null;
  readonly pmtilesUrl: string | null;
  /** A PMTiles archive on this machine, which the service then serves itself. */
  readonly pmtilesFile: string | null;
  /** Further origins that a style fetches from. */
  readonly origins: readonly string[];
}

/** Bounds of the operators' door. Where one is reached, the answer is 503 `busy` or a close code. */
export interface ApiLimits extends HttpLimits {
  /** Viewers of the live map before 1013. */
  readonly viewersMax: number;
  /** Searches for contacts, past minutes and exports at a time, and how many may wait for their turn before 503. */
  readonly searchesAtOnce: number;
  readonly searchesWaitingMax: number;
  readonly framesAtOnce: number;
  readonly framesWaitingMax: number;
  readonly exportsAtOnce: number;
  readonly exportsWaitingMax: number;
}

export const DEFAULT_LIMITS: ApiLimits = {
  ...DEFAULT_HTTP_TIMEOUTS,
  connectionsMax: 4_000,
  connectionsPerAddressMax: 500,
  requestsMax: 500,
  viewersMax: 1_000,
  searchesAtOnce: 4,
  searchesWaitingMax: 64,
  framesAtOnce: 4,
  framesWaitingMax: 64,
  exportsAtOnce: 2,
  exportsWaitingMax: 8,
};

/** Where people are known who have no password here. */
export interface OpenIdConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | null;
  /** What the button says: with whom one signs in. */
  readonly name: string;
  /** Where browsers reach this service: the provider sends them back there. */
  readonly publicUrl: string;
}

export interface ApiConfig extends ServiceEnvironment {
  readonly limits: ApiLimits;
  /** Null where the door speaks without TLS. */
  readonly tls: TlsConfig | null;
  /** Who may name the client that it speaks for. */
  readonly trustedProxies: BlockList;
  readonly port: number;
  readonly operatorToken: string;
  /** What keyed hashes and hidden secrets are made with: the operator token where the machine has no key of its own. */
  readonly machineKey: string;
  /** What the pseudonyms of venues are made with; null where no venue may have any. */
  readonly pseudonymKey: string | null;
  readonly sessions: SessionLimits;
  /** How long entries of the audit log are kept. */
  readonly auditRetentionDays: number;
  /** Whether a proxy before the door is believed what it says of a request's scheme and address. */
  readonly trustProxy: boolean;
  readonly openId: OpenIdConfig | null;
  /** The folder of the built map. */
  readonly mapDirectory: string;
  readonly map: MapConfig;
}

/** Both from `src` and from `dist`. */
const BUILT_MAP = fileURLToPath(new URL("../../visualizer/dist", import.meta.url));

const MINUTE_MS = 60_000;
const SESSION_MINUTES = { min: 1, max: 43_200, fallback: 12 * 60 };

/** Reads the environment. @throws StartError on a value that cannot be used */
export function readConfig(environment: NodeJS.ProcessEnv): ApiConfig {
  const operatorToken = readOperatorToken(environment);
  const pseudonymKey = readMachineKey(environment);
  const config = {
    ...readServiceEnvironment(environment),
    port: readPort(environment, "API_PORT", 8081),
    operatorToken,
    limits: readLimits(environment, "API", DEFAULT_LIMITS),
    tls: readTls(environment),
    trustedProxies: readTrustedProxies(environment),
    machineKey: pseudonymKey ?? operatorToken,
    pseudonymKey,
    sessions: {
      idleMs:
        readSpan(environment, "SESSION_IDLE_MINUTES", "minutes", { ...SESSION_MINUTES, fallback: 60 }) * MINUTE_MS,
      absoluteMs: readSpan(environment, "SESSION_MAX_MINUTES", "minutes", SESSION_MINUTES) * MINUTE_MS,
    },
    auditRetentionDays: readSpan(environment, "AUDIT_RETENTION_DAYS", "days", AUDIT_RETENTION_DAYS),
    trustProxy: environment.TRUST_PROXY === "1",
    openId: readOpenId(environment),
    mapDirectory: environment.MAP_DIR ?? BUILT_MAP,
    map: readMapConfig(environment),
  };
  requireTls(config);
  return config;
}

/** Passwords and people's movements go through this door: only this machine itself may use it without TLS. */
function requireTls({ host, tls, trustProxy }: Pick<ApiConfig, "host" | "tls" | "trustProxy">): void {
  if (tls !== null || trustProxy || isLoopback(host)) return;
  throw new StartError(
    `HOST=${host} opens the operators' door to others without TLS: set TLS_CERT_FILE and TLS_KEY_FILE, or put a proxy ` +
      "with TLS before it and set TRUST_PROXY=1",
  );
}

interface SpanBounds {
  readonly min: number;
  readonly max: number;
  readonly fallback: number;
}

function readSpan(
  environment: NodeJS.ProcessEnv,
  name: string,
  unit: "minutes" | "days",
  { min, max, fallback }: SpanBounds,
): number {
  const span = Number(environment[name] || fallback);
  if (Number.isInteger(span) && span >= min && span <= max) return span;
  throw new StartError(`${name} must be ${unit}, ${min} to ${max}, not "${environment[name]}"`);
}

function readOpenId(environment: NodeJS.ProcessEnv): OpenIdConfig | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, PUBLIC_URL: publicUrl } = environment;
  if (!issuer) return null;
  if (!clientId || !publicUrl) throw new StartError("with OIDC_ISSUER set OIDC_CLIENT_ID and PUBLIC_URL, too");
  requireHttps("OIDC_ISSUER", issuer);
  requireHttps("PUBLIC_URL", publicUrl);
  return {
    issuer,
    clientId,
    clientSecret: environment.OIDC_CLIENT_SECRET || null,
    name: environment.OIDC_NAME || new URL(issuer).host,
    publicUrl: new URL(publicUrl).origin,
  };
}

function requireHttps(name: string, text: string): void {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isOnLoopback = url?.protocol === "http:" && isLoopback(url.hostname.replace(/^\[|\]$/g, ""));
  if (url?.protocol === "https:" || isOnLoopback) return;
  throw new StartError(`${name} must be an https URL (http on this machine alone), not "${text}"`);
}

function readMapConfig(environment: NodeJS.ProcessEnv): MapConfig {
  const pmtilesUrl = readUrl(environment, "MAP_PMTILES_URL");
  const file = environment.MAP_PMTILES_FILE || null;
  if (file !== null && pmtilesUrl !== null) throw new StartError("set MAP_PMTILES_URL or MAP_PMTILES_FILE, not both");
  return {
    mapboxToken: environment.MAPBOX_TOKEN || null,
    styleUrl: readUrl(environment, "MAP_STYLE_URL"),
    pmtilesUrl,
    pmtilesFile: file === null ? null : resolve(file),
    origins: readOrigins(environment.MAP_ORIGINS),
  };
}

function readUrl(environment: NodeJS.ProcessEnv, name: string): string | null {
  const url = environment[name] || null;
  if (url === null || /^(https?|mapbox):\/\/[^\s;,'"]+$/.test(url) || /^\/[^/\s;,'"][^\s;,'"]*$/.test(url)) return url;
  throw new StartError(`${name} must be an http(s) URL or a path on this service, not "${url}"`);
}

function readOrigins(text: string | undefined): string[] {
  const origins = (text ?? "").split(/[\s,]+/).filter((origin) => origin !== "");
  for (const origin of origins) {
    if (/^https?:\/\/[\w.*:-]+$/.test(origin)) continue;
    throw new StartError(`MAP_ORIGINS must be origins such as https://tiles.example.org, not "${origin}"`);
  }
  return origins;
}
