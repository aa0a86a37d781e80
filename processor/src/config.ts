import { readServiceEnvironment, type ServiceEnvironment } from "@encounter/core/service/environment";

export interface ProcessorConfig extends ServiceEnvironment {
  /** Venues evaluated at once by this process. */
  readonly concurrency: number;
}

/** Reads the environment. @throws StartError on a value that cannot be used */
export function readConfig(environment: NodeJS.ProcessEnv): ProcessorConfig {
  return { ...readServiceEnvironment(environment), concurrency: 4 };
}
