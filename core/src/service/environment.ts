/** A reason not to start, in one line that says what to do. */
export class StartError extends Error {
  override readonly name = "StartError";
}

/** What every service reads from its environment. */
export interface ServiceEnvironment {
  /** One URL, or several for a Redis Cluster. */
  readonly redisUrls: readonly string[];
  readonly allowWeakDurability: boolean;
  readonly logLevel: string;
  /** Address the doors listen on. */
  readonly host: string;
}

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

/** Reads what all services share. @throws StartError on a value that cannot be used */
export function readServiceEnvironment(environment: NodeJS.ProcessEnv): ServiceEnvironment {
  const logLevel = environment.LOG_LEVEL ?? "info";
  if (!LOG_LEVELS.includes(logLevel)) throw new StartError(`LOG_LEVEL must be one of ${LOG_LEVELS.join(", ")}`);
  return {
    redisUrls: readRedisUrls(environment.REDIS_URL),
    allowWeakDurability: environment.ALLOW_WEAK_DURABILITY === "1",
    logLevel,
    host: environment.HOST ?? "127.0.0.1",
  };
}

function readRedisUrls(value: string | undefined): string[] {
  const urls = (value ?? "redis://127.0.0.1:6379").split(",").map((url) => url.trim());
  for (const url of urls) {
    if (!URL.canParse(url) || !/^rediss?:\/\//.test(url)) {
      throw new StartError("REDIS_URL must be redis://[user:password@]host:port, or several separated by commas");
    }
  }
  return urls;
}

/** Reads a port; 0 lets the system choose. @throws StartError where it is none */
export function readPort(environment: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const text = environment[name] ?? String(fallback);
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new StartError(`${name} must be a port, 0 to 65535, not "${text}"`);
  return port;
}

const MACHINE_KEY_LENGTH_MIN = 32;

/** Reads the key that pseudonyms are made with, or null. @throws StartError where it is too short */
export function readMachineKey(environment: NodeJS.ProcessEnv): string | null {
  const key = environment.MACHINE_KEY || null;
  if (key === null || key.length >= MACHINE_KEY_LENGTH_MIN) return key;
  throw new StartError(`MACHINE_KEY must have at least ${MACHINE_KEY_LENGTH_MIN} characters`);
}

const OPERATOR_TOKEN_LENGTH_MIN = 16;

/** Reads the operator token, the machine owner's credential. @throws StartError where it is missing or too short */
export function readOperatorToken(environment: NodeJS.ProcessEnv): string {
  const token = environment.OPERATOR_TOKEN ?? "";
  if (token.length >= OPERATOR_TOKEN_LENGTH_MIN) return token;
  throw new StartError(`OPERATOR_TOKEN must be set, to at least ${OPERATOR_TOKEN_LENGTH_MIN} characters`);
}
