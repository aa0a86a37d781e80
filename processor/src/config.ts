import {
  readOperatorToken,
  readPort,
  readServiceEnvironment,
  type ServiceEnvironment,
} from "@encounter/core/service/environment";

/** Where health and metrics are told, and to whom the metrics. */
export interface TelemetryDoorConfig {
  readonly port: number;
  readonly host: string;
  readonly operatorToken: string;
}

export interface ProcessorConfig extends ServiceEnvironment {
  /** Venues evaluated at once by this process. */
  readonly concurrency: number;
  /** Null where nothing is to be told: there is then no open port at all. */
  readonly telemetryDoor: TelemetryDoorConfig | null;
}

/** Reads the environment. @throws StartError on a value that cannot be used */
export function readConfig(environment: NodeJS.ProcessEnv): ProcessorConfig {
  const shared = readServiceEnvironment(environment);
  return { ...shared, concurrency: 4, telemetryDoor: readTelemetryDoor(environment, shared.host) };
}

function readTelemetryDoor(environment: NodeJS.ProcessEnv, host: string): TelemetryDoorConfig | null {
  if (!environment.PROCESSOR_PORT) return null;
  const port = readPort(environment, "PROCESSOR_PORT", 0);
  return { port, host, operatorToken: readOperatorToken(environment) };
}
