import { type ChildProcess, spawn } from "node:child_process";
import { dirname, resolve } from "node:path";
import { createGatewayKey } from "@encounter/core/service/credential-store";
import { createVenue, type World } from "../world.ts";

const OPERATOR_TOKEN = "the benchmark's own operator token";
const READY_TIMEOUT_MS = 15_000;

/** The real ingest process, and a credential of a venue that it takes fixes for. */
export interface Door {
  readonly url: string;
  readonly venueId: string;
  readonly token: string;
  /** CPU that the process took so far, ms. */
  cpuMs(): Promise<number>;
  end(): Promise<void>;
}

/** Starts ingest as it is built, on a free port, with a venue and a gateway key. */
export async function openDoor({ server, redis }: World): Promise<Door> {
  const record = await createVenue(redis, "venue", {});
  const credential = await createGatewayKey(redis, record, "bench");
  if (credential === null) throw new Error("no gateway key");
  const program = resolve(dirname(process.argv[1] as string), "../../ingest/dist/main.js");
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, REDIS_URL: server.url, INGEST_PORT: "0", OPERATOR_TOKEN, LOG_LEVEL: "info" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const endWithThisProcess = () => child.kill("SIGKILL");
  process.once("exit", endWithThisProcess);
  const url = await readyUrl(child);
  return {
    url: `${url.replace("http", "ws")}/v1/positions`,
    venueId: record.venueId,
    token: credential.key,
    cpuMs: () => readCpuMs(url),
    end: () =>
      new Promise((ended) => {
        process.off("exit", endWithThisProcess);
        child.once("exit", () => ended());
        child.kill("SIGTERM");
      }),
  };
}

function readyUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolveUrl, reject) => {
    let said = "";
    const timer = setTimeout(() => reject(new Error(`ingest was not ready in time:\n${said}`)), READY_TIMEOUT_MS);
    child.once("exit", (code) => reject(new Error(`ingest ended with ${code}:\n${said}`)));
    child.stderr?.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-65_536);
      const url = /"url":"([^"]+)","msg":"ready"/.exec(said)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolveUrl(url);
    });
  });
}

async function readCpuMs(url: string): Promise<number> {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${OPERATOR_TOKEN}` } });
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(await answer.text())?.[1]) * 1_000;
}
