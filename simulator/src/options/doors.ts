import type { Option, TypedOptions } from "./option-table.ts";
import { UsageError } from "./usage-error.ts";

/** The environment as far as the tools read it. */
export interface Environment {
  readonly ENCOUNTER_KEY?: string | undefined;
  readonly OPERATOR_TOKEN?: string | undefined;
  readonly INGEST_PORT?: string | undefined;
  readonly API_PORT?: string | undefined;
}

/** Where the services are, and what a person gave to be let in. */
export interface Doors {
  /** WebSocket URL of the devices' door, with its path. */
  readonly positionsUrl: string;
  /** URL of the operators' door. */
  readonly apiUrl: string;
  readonly key: string | undefined;
  readonly keyFile: string | undefined;
  readonly operatorTokenFile: string | undefined;
  readonly operatorToken: string | undefined;
}

/** The options of both tools for reaching the services. */
export const DOOR_OPTIONS: Readonly<Record<string, Option>> = {
  ingest: {
    value: "URL",
    help: "the devices' door; its port is INGEST_PORT where that is set",
    default: "ws://127.0.0.1:8080",
  },
  api: {
    value: "URL",
    help: "the operators' door; its port is API_PORT where that is set",
    default: "http://127.0.0.1:8081",
  },
  "operator-token-file": {
    value: "FILE",
    help: "file with the operator token, to create venues and keys with [OPERATOR_TOKEN, else .data/operator-token as npm start leaves it]",
  },
  key: { value: "KEY", help: "a gateway key of the venue, instead of the operator token [ENCOUNTER_KEY]" },
  "key-file": { value: "FILE", help: 'file with a gateway key alone, or with a line "VENUE KEY" for each venue' },
};

/** Reads the options of {@link DOOR_OPTIONS}. @throws UsageError on what is no URL */
export function readDoors(typed: TypedOptions, environment: Environment): Doors {
  const ingestUrl = urlOf("ingest", typed, environment.INGEST_PORT, ["ws:", "wss:", "http:", "https:"]);
  ingestUrl.protocol = ingestUrl.protocol.replace("http", "ws");
  if (ingestUrl.pathname === "/") ingestUrl.pathname = "/v1/positions";
  return {
    positionsUrl: ingestUrl.href,
    apiUrl: urlOf("api", typed, environment.API_PORT, ["http:", "https:"]).href.replace(/\/$/, ""),
    key: typed.text("key") ?? environment.ENCOUNTER_KEY,
    keyFile: typed.text("key-file"),
    operatorTokenFile: typed.text("operator-token-file"),
    operatorToken: environment.OPERATOR_TOKEN,
  };
}

function urlOf(name: string, typed: TypedOptions, port: string | undefined, protocols: readonly string[]): URL {
  const text = typed.text(name) ?? "";
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !protocols.includes(url.protocol)) {
    throw new UsageError(`--${name} is a URL that starts with ${protocols[0]}//, not "${text}"`);
  }
  if (!typed.isTyped(name) && port !== undefined && port !== "") url.port = port;
  return url;
}
