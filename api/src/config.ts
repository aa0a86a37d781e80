import type { BlockList } from "node:net";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readTrustedProxies } from "@encounter/core/service/client-address";
import {
  readOperatorToken,
  readPort,
  readServiceEnvironment,
  type ServiceEnvironment,
  StartError,
} from "@encounter/core/service/environment";
import { DEFAULT_HTTP_TIMEOUTS, type HttpLimits, readLimits } from "@encounter/core/service/http-limits";

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

export interface ApiConfig extends ServiceEnvironment {
  readonly limits: ApiLimits;
  /** Who may name the client that it speaks for. */
  readonly trustedProxies: BlockList;
  readonly port: number;
  readonly operatorToken: string;
  /** The folder of the built map. */
  readonly mapDirectory: string;
  readonly map: MapConfig;
}

/** Both from `src` and from `dist`. */
const BUILT_MAP = fileURLToPath(new URL("../../visualizer/dist", import.meta.url));

/** Reads the environment. @throws StartError on a value that cannot be used */
export function readConfig(environment: NodeJS.ProcessEnv): ApiConfig {
  return {
    ...readServiceEnvironment(environment),
    port: readPort(environment, "API_PORT", 8081),
    operatorToken: readOperatorToken(environment),
    limits: readLimits(environment, "API", DEFAULT_LIMITS),
    trustedProxies: readTrustedProxies(environment),
    mapDirectory: environment.MAP_DIR ?? BUILT_MAP,
    map: readMapConfig(environment),
  };
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
