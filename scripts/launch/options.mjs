import path from "node:path";
import { parseArgs } from "node:util";
import { callerFolder, root } from "../root.mjs";
import { Trouble } from "../trouble.mjs";

export const help = `npm start -- [options]

Starts a private Redis, ingest, processor, api with the map, and a simulator on a demo venue.

  --no-simulator   without the simulator and the demo venue
  --data-dir DIR   where all state is kept (default: .data in the project's folder)
  --help           this text

Environment: INGEST_PORT (8080) and API_PORT (8081), 0 for any free port; HOST (127.0.0.1); REDIS_URL, to use
that Redis instead of a private one; OPERATOR_TOKEN, else one is made and kept in DIR/operator-token; LOG_LEVEL;
ALLOW_WEAK_DURABILITY=1, to accept a REDIS_URL that may lose what it acknowledged; TLS_CERT_FILE and TLS_KEY_FILE, for
TLS on both doors; TLS_CLIENT_CA_FILE, for clients' certificates at the devices' door (TLS_CLIENT=required or optional);
TRUST_PROXY=1, where a proxy with TLS stands before the operators' door; MACHINE_KEY, what
pseudonyms and the audit log are made with, else one is made and kept in
DIR/machine-key; SESSION_IDLE_MINUTES (60) and SESSION_MAX_MINUTES (720); AUDIT_RETENTION_DAYS (730); OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET,
OIDC_NAME and PUBLIC_URL, to sign in by OpenID. Limits: docs/LIMITS.md.
`;

/**
 * @typedef {object} Options
 * @property {boolean} help
 * @property {boolean} simulator
 * @property {string} dataDir absolute
 * @property {string} host
 * @property {number} ingestPort 0 for any
 * @property {number} apiPort 0 for any
 * @property {string | undefined} redisUrl
 * @property {string | undefined} operatorToken
 * @property {string} logLevel
 */

/**
 * What to start, from the command line and the environment.
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Options}
 * @throws {Trouble} for what cannot be meant
 */
export function readOptions(args, env) {
  const flags = parseFlags(args);
  const ingestPort = readPort(env, "INGEST_PORT", 8080);
  const apiPort = readPort(env, "API_PORT", 8081);
  if (ingestPort === apiPort && ingestPort !== 0) {
    throw new Trouble(`INGEST_PORT and API_PORT are both ${ingestPort}: give them different ports.`);
  }
  return {
    help: flags.help,
    simulator: !flags["no-simulator"],
    dataDir: flags["data-dir"] ? path.resolve(callerFolder, flags["data-dir"]) : path.join(root, ".data"),
    host: env.HOST || "127.0.0.1",
    ingestPort,
    apiPort,
    redisUrl: env.REDIS_URL || undefined,
    operatorToken: env.OPERATOR_TOKEN || undefined,
    logLevel: env.LOG_LEVEL || "info",
  };
}

/** @param {string[]} args */
function parseFlags(args) {
  try {
    return parseArgs({
      args,
      options: {
        help: { type: "boolean", default: false },
        "no-simulator": { type: "boolean", default: false },
        "data-dir": { type: "string" },
      },
    }).values;
  } catch (error) {
    throw new Trouble(`${/** @type {Error} */ (error).message.split(". ")[0]}. See npm start -- --help.`);
  }
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name
 * @param {number} otherwise
 */
function readPort(env, name, otherwise) {
  const text = env[name];
  if (!text) return otherwise;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new Trouble(`${name}=${text} is not a port: give a number from 0 to 65535.`);
}
