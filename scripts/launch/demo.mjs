import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { run } from "../child.mjs";
import { root } from "../root.mjs";
import { Trouble } from "../trouble.mjs";
import { nodeProgram } from "./services.mjs";

/** @typedef {import("./operator.mjs").Operator} Operator */
/** @typedef {import("./data-dir.mjs").DataDir} DataDir */

const venue = "demo";
const venuePath = `/v1/venues/${venue}`;
const simulator = "simulator/dist/simulate.js";
const crowd = ["--devices", "150", "--interval", "5"];
/** A quarter of an hour that passed before the start, sent within seconds: contacts are there to be seen at once. */
const history = ["--start", "-15m", "--speed", "60"];
const keyFile = "demo-gateway-key";
const keyIdFile = "demo-gateway-key-id";

/**
 * Makes the demo venue at the first start; one that an operator has changed stays as it is, one that was deleted stays
 * away.
 * @param {Operator} operator
 * @param {DataDir} dataDir where the venue's gateway key is kept
 * @returns {Promise<boolean>} whether there is a demo venue
 */
export async function prepareDemo(operator, dataDir) {
  const exists = Boolean(await operator.ask("GET", venuePath));
  if (!exists && existsSync(dataDir.file(keyIdFile))) return false;
  if (!exists) await operator.ask("PUT", venuePath, { name: "Demo office", proximity: 2 });
  const plan = await operator.ask("GET", `${venuePath}/plan`);
  if (plan.features.length === 0) await operator.ask("PUT", `${venuePath}/plan`, await builtInPlan());
  const { keys } = await operator.ask("GET", `${venuePath}/keys`);
  const known = existsSync(dataDir.file(keyIdFile)) ? readFileSync(dataDir.file(keyIdFile), "utf8").trim() : "";
  if (existsSync(dataDir.file(keyFile)) && keys.some((/** @type {{ id: string }} */ key) => key.id === known))
    return true;
  const { id, key } = await operator.ask("POST", `${venuePath}/keys`, { name: "demo simulator" });
  dataDir.writePrivately(keyFile, key);
  dataDir.writePrivately(keyIdFile, id);
  return true;
}

/** @returns {Promise<unknown>} the floor plan that the simulated people walk in, as GeoJSON */
async function builtInPlan() {
  const args = [path.join(root, simulator), ...crowd, "--print-plan"];
  const { code, stdout, output } = await run(process.execPath, args, { quiet: true });
  if (code === 0) return JSON.parse(stdout);
  throw new Trouble(`The simulator does not print its floor plan: ${output.trim().split("\n")[0]}`);
}

/** What is said where an operator has deleted the demo venue. */
export const DEMO_DELETED = "The demo venue was deleted: the simulator stays off. A new --data-dir has one again.";

/**
 * The simulator on the demo venue, for as long as there is that venue.
 * @param {Operator} operator
 * @param {string} ingestUrl
 * @param {DataDir} dataDir
 * @param {NodeJS.ProcessEnv} env
 */
export function demoSimulator(operator, ingestUrl, dataDir, env) {
  const positions = `${ingestUrl.replace(/^http/, "ws")}/v1/positions`;
  const door = ["--ingest", positions, "--venue", venue, "--key-file", dataDir.file(keyFile)];
  // It believes the authority in the certificate's own file; the certificate must be for the host that it is sent to.
  const trust = env.TLS_CERT_FILE ? { NODE_EXTRA_CA_CERTS: env.TLS_CERT_FILE } : {};
  const args = [...door, ...crowd, ...history, "--quiet"];
  // It has no door and is quiet: it is up once it has not ended at once.
  const startedMs = performance.now();
  const answersReady = async () => performance.now() - startedMs > 500;
  const whyNotAgain = async () => ((await operator.ask("GET", venuePath)) ? undefined : DEMO_DELETED);
  return { ...nodeProgram("simulator", simulator, args, { ...env, ...trust }, { answersReady }), whyNotAgain };
}
