import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TestAuthority, writeCertificate } from "../core/test/certificates.ts";
import { endLeftOvers } from "./launch/left-overs.mjs";
import { askOwnDoor } from "./launch/own-door.mjs";
import { identify } from "./launch/process-identity.mjs";
import { root } from "./root.mjs";

// npm start as a person meets it: real Redis, real services, real signals. The first start may have to build.
const upWithin = { timeout: 60_000, interval: 100 };

/** @type {string} */
let dataDir;
/** @type {Start[]} */
let starts;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), "encounter-start-"));
  starts = [];
});
afterEach(async () => {
  for (const start of starts) await start.end("SIGKILL");
  await endLeftOvers(path.join(dataDir, "run"), 5_000).catch(() => []);
  rmSync(dataDir, { recursive: true });
});

/** One run of the launcher. */
class Start {
  /**
   * @param {string[]} args
   * @param {NodeJS.ProcessEnv} env
   */
  constructor(args, env) {
    this.child = spawn(process.execPath, ["scripts/start.mjs", "--data-dir", dataDir, ...args], {
      cwd: root,
      env: { ...process.env, REDIS_URL: "", OPERATOR_TOKEN: "", INGEST_PORT: "0", API_PORT: "0", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    /** @type {Promise<number | null>} */
    this.code = new Promise((resolve) => {
      this.child.on("close", resolve);
    });
    /** @type {Promise<string>} */
    this.readyLine = new Promise((resolve, reject) => {
      const hear = (/** @type {string} */ line) => {
        this.lines.push(line);
        if (line.startsWith("ready ")) resolve(line);
      };
      for (const input of [this.child.stdout, this.child.stderr]) createInterface({ input }).on("line", hear);
      void this.code.then((code) =>
        reject(new Error(`ended (${code}) before it was ready:\n${this.lines.join("\n")}`)),
      );
    });
    this.readyLine.catch(() => {});
    starts.push(this);
  }

  /** @type {string[]} */
  lines = [];

  /** @returns {Promise<Record<"ingest" | "api" | "map", string>>} where everything is */
  async ready() {
    const line = await this.readyLine;
    return /** @type {any} */ (
      Object.fromEntries(
        line
          .split(" ")
          .slice(1)
          .map((part) => part.split(/=(.*)/s)),
      )
    );
  }

  /** @param {NodeJS.Signals} signal */
  async end(signal) {
    this.child.kill(signal);
    return this.code;
  }
}

/** @param {string} name */
const pidOf = (name) => JSON.parse(readFileSync(path.join(dataDir, "run", `${name}.json`), "utf8")).pid;
const operatorToken = () => readFileSync(path.join(dataDir, "operator-token"), "utf8").trim();

/**
 * @param {string} url
 * @returns {Promise<any>} the answer's JSON, or its status where it is no success
 */
async function askAsOperator(url) {
  const response = await fetch(url, { headers: { authorization: `Bearer ${operatorToken()}` } });
  return response.ok ? response.json() : response.status;
}

test("everything comes up with a crowd on the demo venue, survives Redis's end, and stops cleanly", async () => {
  const start = new Start([], {});
  const { ingest, api, map } = await start.ready();
  expect((await fetch(`${ingest}/health/ready`)).status).toBe(200);

  const signIn = await fetch(map, { redirect: "manual" });
  expect(signIn.headers.get("set-cookie")).toMatch(/HttpOnly/i);
  expect((await fetch(map, { redirect: "manual" })).headers.get("set-cookie")).toBeNull();

  const status = () => askAsOperator(`${api}/v1/venues/demo/status`);
  await expect.poll(status, upWithin).toMatchObject({ devices_online: 150 });
  expect(statSync(path.join(dataDir, "operator-token")).mode & 0o077).toBe(0);

  process.kill(pidOf("redis"), "SIGKILL");
  await expect.poll(() => start.lines, upWithin).toContain("redis is up again.");
  await expect.poll(status, upWithin).toMatchObject({ devices_online: 150 });

  const programs = readdirSync(path.join(dataDir, "run")).map((file) => pidOf(path.basename(file, ".json")));
  expect(programs).toHaveLength(5);
  expect(await start.end("SIGTERM")).toBe(0);
  expect(programs.map(identify)).toEqual(programs.map(() => undefined));
}, 180_000);

test("what was stored before the launcher was killed is there at the next start", async () => {
  const killed = new Start(["--no-simulator"], {});
  const { api } = await killed.ready();
  expect(await askAsOperator(`${api}/v1/venues`)).toEqual({ venues: [] });
  const headers = { authorization: `Bearer ${operatorToken()}`, "content-type": "application/json" };
  const put = { method: "PUT", headers, body: JSON.stringify({ name: "Museum" }) };
  expect((await fetch(`${api}/v1/venues/museum`, put)).ok).toBe(true);

  const second = new Start(["--no-simulator"], {});
  expect(await second.code).toBe(1);
  expect(second.lines).toEqual([expect.stringContaining(`Another npm start (process ${killed.child.pid}) uses`)]);

  await killed.end("SIGKILL");
  const next = new Start(["--no-simulator"], {});
  const { api: nextApi } = await next.ready();
  expect(next.lines[0]).toMatch(/^Ended what an earlier start had left running: .*redis/);
  expect(await askAsOperator(`${nextApi}/v1/venues`)).toMatchObject({
    venues: [{ venue_id: "museum", name: "Museum" }],
  });
  expect(await next.end("SIGINT")).toBe(0);
}, 180_000);

test("with a certificate both doors speak TLS, and the simulator reaches them", async () => {
  const authority = new TestAuthority("authority");
  const { cert, key } = authority.issue("door");
  const start = new Start([], writeCertificate(dataDir, { cert: cert + authority.cert, key }));
  const { ingest, api, map } = await start.ready();
  for (const url of [ingest, api, map]) expect(url).toMatch(/^https:/);
  const headers = { authorization: `Bearer ${operatorToken()}` };
  const certFile = path.join(dataDir, "cert.pem");
  const status = async () => {
    const { text } = await askOwnDoor(`${api}/v1/venues/demo/status`, { headers, timeoutMs: 5_000 }, certFile);
    return JSON.parse(text);
  };
  await expect.poll(status, upWithin).toMatchObject({ devices_online: 150 });
  expect(await start.end("SIGTERM")).toBe(0);
}, 120_000);

test("a Redis that does not answer, and a port that is taken, end in one line each", async () => {
  const occupant = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => occupant.once("listening", resolve));
  const { port } = /** @type {net.AddressInfo} */ (occupant.address());

  const taken = new Start(["--no-simulator"], { API_PORT: String(port) });
  expect(await taken.code).toBe(1);
  expect(taken.lines).toEqual([expect.stringContaining(`Port ${port} on 127.0.0.1 is taken`)]);
  occupant.close();

  const unreachable = new Start(["--no-simulator"], { REDIS_URL: `redis://127.0.0.1:${port}` });
  expect(await unreachable.code).toBe(1);
  expect(unreachable.lines.at(-1)).toContain(`127.0.0.1:${port}`);
  expect(unreachable.lines.filter((line) => !line.endsWith("..."))).toHaveLength(1);
}, 120_000);
