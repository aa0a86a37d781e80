import { spawn } from "node:child_process";
import path from "node:path";
import { DataDir } from "../launch/data-dir.mjs";
import { prepareDemo } from "../launch/demo.mjs";
import { Launch } from "../launch/launch.mjs";
import { Operator } from "../launch/operator.mjs";
import { root } from "../root.mjs";
import { Trouble } from "../trouble.mjs";

/** Twenty minutes of the same walks every time, as fast as they are taken, and then the present. */
const CROWD = ["--devices", "150", "--interval", "5", "--seed", "pictures", "--start", "-20m", "--speed", "max"];
const PATIENCE_MS = 180_000;
const LOOK_EVERY_MS = 1_000;

/**
 * What pictures are taken of.
 * @typedef {object} Scene
 * @property {Operator} operator
 * @property {string} venue
 * @property {string} device one that has met another
 * @property {string} other
 * @property {number} minute one in the middle of what there is
 */

/** A system of the pictures' own, with a crowd on the demo venue. */
export class Stage {
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #simulator;

  /**
   * @param {string} dataDir
   * @param {(line: string) => void} say
   */
  constructor(dataDir, say) {
    this.say = say;
    this.dataDir = dataDir;
    this.launch = new Launch(
      {
        help: false,
        simulator: false,
        dataDir,
        host: "127.0.0.1",
        ingestPort: 0,
        apiPort: 0,
        redisUrl: undefined,
        operatorToken: "the operator token of the pictures",
        logLevel: "warn",
      },
      say,
    );
  }

  /**
   * @param {() => Promise<void>} build
   * @returns {Promise<Scene>}
   */
  async start(build) {
    const line = await this.launch.start(build);
    const [, ingestUrl = "", apiUrl = ""] = /ingest=(\S+) api=(\S+)/.exec(line) ?? [];
    const operator = new Operator(apiUrl, "the operator token of the pictures");
    const dataDir = new DataDir(this.dataDir);
    await prepareDemo(operator, dataDir);
    this.say("People walk for twenty minutes ...");
    const door = ["--ingest", `${ingestUrl.replace(/^http/, "ws")}/v1/positions`, "--venue", "demo"];
    const args = [...door, "--key-file", dataDir.file("demo-gateway-key"), ...CROWD, "--quiet"];
    this.#simulator = spawn(process.execPath, [path.join(root, "simulator/dist/simulate.js"), ...args], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    return sceneOf(operator);
  }

  async stop() {
    this.#simulator?.kill("SIGTERM");
    await this.launch.stop();
  }

  kill() {
    this.#simulator?.kill("SIGKILL");
    this.launch.kill();
  }
}

/**
 * Waits until the crowd has come to the present, and chooses whom the pictures are about.
 * @param {Operator} operator
 * @returns {Promise<Scene>}
 */
async function sceneOf(operator) {
  const endMs = Date.now() + PATIENCE_MS;
  while (Date.now() < endMs) {
    const status = await operator.ask("GET", "/v1/venues/demo/status");
    const present = Math.floor(Date.now() / 60_000);
    if (status.newest_minute >= present - 1 && status.devices_online >= 150 && status.unevaluated_fixes < 1_000) {
      const { contacts } = await operator.ask("GET", "/v1/venues/demo/contacts?limit=1000");
      const longest = contacts.sort((/** @type {Met} */ a, /** @type {Met} */ b) => b.minutes - a.minutes)[0];
      if (longest) {
        return { operator, venue: "demo", device: longest.device_id, other: longest.other, minute: present - 8 };
      }
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Trouble("The simulated people have not come to the present in time.");
}

/** @typedef {{ minutes: number, device_id: string, other: string }} Met */
