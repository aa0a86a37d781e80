import path from "node:path";
import { root } from "../root.mjs";
import { readServiceLine } from "./last-words.mjs";

/** @typedef {import("./supervised.mjs").Program} Program */

/**
 * The three services.
 * @param {object} wanted
 * @param {string} wanted.ingestUrl
 * @param {string} wanted.apiUrl
 * @param {NodeJS.ProcessEnv} wanted.env what they read their configuration from
 * @returns {Program[]}
 */
export function services({ ingestUrl, apiUrl, env }) {
  const logsReady = isLogged("info", env.LOG_LEVEL);
  const startedMs = performance.now();
  // The processor has no door to ask at. Where its log may not say that it is ready, it is given a moment.
  const hasHadAMoment = async () => performance.now() - startedMs > 3_000;
  return [
    nodeProgram("processor", "processor/dist/main.js", [], env, {
      saysReady: (line) => readServiceLine(line, false).text === "ready",
      ...(logsReady ? {} : { answersReady: hasHadAMoment }),
    }),
    nodeProgram("ingest", "ingest/dist/main.js", [], env, {
      answersReady: () => answersOk(`${ingestUrl}/health/ready`),
    }),
    nodeProgram("api", "api/dist/main.js", [], env, { answersReady: () => answersOk(`${apiUrl}/health/ready`) }),
  ];
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
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
