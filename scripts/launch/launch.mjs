import { olderThanAdvised } from "../install/redis-advice.mjs";
import { ensureRedisServer } from "../install/redis-server.mjs";
import { DataDir } from "./data-dir.mjs";
import { DEMO_DELETED, demoSimulator, prepareDemo } from "./demo.mjs";
import { endLeftOvers } from "./left-overs.mjs";
import { takeLock } from "./lock.mjs";
import { Operator } from "./operator.mjs";
import { claimPort, privatePort, urlOf } from "./ports.mjs";
import { privateRedis } from "./private-redis.mjs";
import { services, wantsClientCertificates } from "./services.mjs";
import { Supervised } from "./supervised.mjs";

/** @typedef {import("./options.mjs").Options} Options */
/** @typedef {import("./supervised.mjs").Program} Program */

const SERVICE_PATIENCE_MS = 15_000;
const REDIS_PATIENCE_MS = 30_000;

/** Everything that one start has started, so that all of it can be stopped in order. */
export class Launch {
  /**
   * @param {Options} options
   * @param {(line: string) => void} say
   */
  constructor(options, say) {
    this.options = options;
    this.say = say;
  }

  /** @type {DataDir | undefined} */
  #dataDir;
  /** @type {() => void} */
  #unlock = () => {};
  /** @type {Supervised[]} in the order they were started */
  #running = [];
  #stopping = false;

  /**
   * Starts everything.
   * @param {() => Promise<void>} build what must have happened before a service starts; Redis starts meanwhile
   * @returns {Promise<string>} the line that says where everything is
   */
  async start(build) {
    const dataDir = await this.#openDataDir();
    const { host } = this.options;
    const ingestPort = await claimPort("INGEST_PORT", this.options.ingestPort, host);
    const apiPort = await claimPort("API_PORT", this.options.apiPort, host);
    const [redisUrlOf] = await Promise.all([this.#redis(dataDir), build()]);
    const token = this.options.operatorToken ?? dataDir.secret("operator-token");
    const scheme = process.env.TLS_CERT_FILE ? "https" : "http";
    const ingestUrl = urlOf(host, ingestPort, scheme);
    const apiUrl = urlOf(host, apiPort, scheme);
    const env = {
      ...process.env,
      HOST: host,
      INGEST_PORT: String(ingestPort),
      API_PORT: String(apiPort),
      OPERATOR_TOKEN: token,
      MACHINE_KEY: process.env.MACHINE_KEY || dataDir.secret("machine-key"),
      LOG_LEVEL: this.options.logLevel,
    };
    this.say("Starting ingest, processor and api ...");
    await Promise.all(services({ ingestUrl, apiUrl, env, redisUrlOf }).map((service) => this.#run(service)));
    const operator = new Operator(apiUrl, token);
    if (this.options.simulator) await this.#startDemo(operator, ingestUrl, dataDir);
    return `ready ingest=${ingestUrl} api=${apiUrl} map=${await operator.signInUrl()}`;
  }

  /** Stops everything: first what sends, then the services, at last Redis. Safe at any moment, and more than once. */
  async stop() {
    this.#stopping = true;
    const named = (/** @type {string[]} */ ...names) =>
      this.#running.filter(({ program }) => names.includes(program.name));
    const stopAll = (/** @type {Supervised[]} */ some, /** @type {number} */ patienceMs) =>
      Promise.all(some.map((each) => each.stop(patienceMs)));
    await stopAll(named("simulator"), SERVICE_PATIENCE_MS);
    await stopAll(named("ingest", "processor", "api"), SERVICE_PATIENCE_MS);
    await stopAll(named("redis"), REDIS_PATIENCE_MS);
    this.#unlock();
  }

  /** Ends everything at once. Redis has on disk what it acknowledged. */
  kill() {
    this.#stopping = true;
    for (const each of this.#running) each.kill();
    this.#unlock();
  }

  async #openDataDir() {
    const dataDir = new DataDir(this.options.dataDir);
    this.#unlock = await takeLock(dataDir.file("lock"), dataDir.folder);
    const ended = await endLeftOvers(dataDir.run, SERVICE_PATIENCE_MS);
    this.#dataDir = dataDir;
    if (ended.length > 0) this.say(`Ended what an earlier start had left running: ${ended.join(", ")}.`);
    return dataDir;
  }

  /**
   * @param {DataDir} dataDir
   * @returns {Promise<(user: "ingest" | "processor" | "api") => string>} where it is for each service
   */
  async #redis(dataDir) {
    const { redisUrl } = this.options;
    return redisUrl === undefined ? this.#startRedis(dataDir) : () => redisUrl;
  }

  /** @param {DataDir} dataDir */
  async #startRedis(dataDir) {
    const { command, version } = await ensureRedisServer();
    const port = await privatePort();
    const passwords = {
      owner: dataDir.secret("redis-password"),
      ingest: dataDir.secret("redis-password-ingest"),
      processor: dataDir.secret("redis-password-processor"),
      api: dataDir.secret("redis-password-api"),
    };
    const { program, urlOf } = privateRedis({ command, dataDir, port, passwords });
    this.say(`Starting a private ${command} ${version} on ${dataDir.redis} ...`);
    const advice = olderThanAdvised(command, version);
    if (advice !== undefined) this.say(advice);
    await this.#run(program);
    return urlOf;
  }

  /**
   * @param {Operator} operator
   * @param {string} ingestUrl
   * @param {DataDir} dataDir
   */
  async #startDemo(operator, ingestUrl, dataDir) {
    if (wantsClientCertificates(process.env)) {
      this.say("The devices' door wants its clients' certificates: the simulator, which has none, stays off.");
      return;
    }
    if (!(await prepareDemo(operator, dataDir))) {
      this.say(DEMO_DELETED);
      return;
    }
    await this.#run(demoSimulator(operator, ingestUrl, dataDir, process.env));
  }

  /** @param {Program} program */
  async #run(program) {
    if (this.#stopping || !this.#dataDir) return;
    const supervised = new Supervised(program, this.#dataDir, this.say);
    this.#running.push(supervised);
    await supervised.start();
  }
}
