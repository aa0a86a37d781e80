import path from "node:path";
import { root } from "../root.mjs";
import { readServiceLine } from "./last-words.mjs";
import { askOwnDoor } from "./own-door.mjs";

/** @typedef {import("./supervised.mjs").Program} Program */

/**
 * The three services.
 * @param {object} wanted
 * @param {string} wanted.ingestUrl
 * @param {string} wanted.apiUrl
 * @param {NodeJS.ProcessEnv} wanted.env what they read their configuration from
 * @param {(user: "ingest" | "processor" | "api") => string} wanted.redisUrlOf where Redis is for each
 * @returns {Program[]}
 */
export function services({ ingestUrl, apiUrl, env, redisUrlOf }) {
  const logsReady = isLogged("info", env.LOG_LEVEL);
  const startedMs = performance.now();
  // The processor has no door to ask at. Where its log may not say that it is ready, it is given a moment.
  const hasHadAMoment = async () => performance.now() - startedMs > 3_000;
  const byItsLog = {
    saysReady: (/** @type {string} */ line) => readServiceLine(line, false).text === "ready",
    ...(logsReady ? {} : { answersReady: hasHadAMoment }),
  };
  const byAnswer = (/** @type {string} */ url) => ({ answersReady: () => answersOk(`${url}/health/ready`) });
  const service = (
    /** @type {"ingest" | "processor" | "api"} */ name,
    /** @type {Pick<Program, "saysReady" | "answersReady">} */ readiness,
  ) => nodeProgram(name, `${name}/dist/main.js`, [], { ...env, REDIS_URL: redisUrlOf(name) }, readiness);
  return [
    service("processor", byItsLog),
    service("ingest", wantsClientCertificates(env) ? byItsLog : byAnswer(ingestUrl)),
    service("api", byAnswer(apiUrl)),
  ];
}

/**
 * Whether nobody is let in at the devices' door without a certificate, not even who asks how it is.
 * @param {NodeJS.ProcessEnv} env
 */
export function wantsClientCertificates(env) {
  return Boolean(env.TLS_CLIENT_CA_FILE) && env.TLS_CLIENT !== "optional";
}

/**
 * A program of this project, run by the same Node.
 * @param {string} name
 * @param {string} bundle from the root
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {Pick<Program, "saysReady" | "answersReady">} readiness
 * @returns {Program}
 */
export function nodeProgram(name, bundle, args, env, readiness) {
  const command = process.execPath;
  return {
    name,
    command,
    args: ["--enable-source-maps", path.join(root, bundle), ...args],
    env,
    read: readServiceLine,
    ...readiness,
  };
}

/**
 * @param {string} level
 * @param {string} [threshold]
 */
function isLogged(level, threshold = "info") {
  const levels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];
  return levels.indexOf(level) >= levels.indexOf(threshold);
}

/** @param {string} url */
async function answersOk(url) {
  try {
    return (await askOwnDoor(url, { timeoutMs: 2_000 })).status === 200;
  } catch {
    return false;
  }
}
