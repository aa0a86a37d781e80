import {
  readOperatorToken,
  readPort,
  readServiceEnvironment,
  type ServiceEnvironment,
} from "@encounter/core/service/environment";

/** Bounds of the devices' door. Where one is reached, the answer is explicit: `busy`, a close code, a status. */
export interface IngestLimits {
  /** Fixes waiting for Redis, all venues together, before `busy`. */
  readonly queuedFixesMax: number;
  /** Bytes of frames waiting for Redis before `busy`. */
  readonly queuedBytesMax: number;
  /** Sockets of this process before 1013. */
  readonly socketsMax: number;
  /** Fixes a second of one credential before 4429, and how many it may save up. */
  readonly gatewayFixesPerSecond: number;
  readonly deviceFixesPerSecond: number;
  readonly burstSeconds: number;
}

export interface IngestConfig extends ServiceEnvironment {
  readonly port: number;
  readonly operatorToken: string;
  readonly limits: IngestLimits;
}

export const DEFAULT_LIMITS: IngestLimits = {
  queuedFixesMax: 100_000,
  queuedBytesMax: 64 * 1_048_576,
  socketsMax: 20_000,
  gatewayFixesPerSecond: 500_000,
  deviceFixesPerSecond: 100,
  burstSeconds: 60,
};

/** Reads the environment. @throws StartError on a value that cannot be used */
export function readConfig(environment: NodeJS.ProcessEnv): IngestConfig {
  return {
    ...readServiceEnvironment(environment),
    port: readPort(environment, "INGEST_PORT", 8080),
    operatorToken: readOperatorToken(environment),
    limits: DEFAULT_LIMITS,
  };
}
