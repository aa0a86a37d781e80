import path from "node:path";
import { freePort, startRedisServer, type TestRedis } from "../core/test/redis-server.ts";
import { urlFor } from "../core/test/redis-users.ts";
import { KeptProcess } from "../faults/system/kept-process.ts";
import { atMost, heading, short, table } from "./report.ts";
import { type ProcessUse, watchProcesses } from "./sockets/process-use.ts";
import { type Summary, simulate } from "./sockets/simulator.ts";

const DEVICES_OF_A_SIMULATOR = 10_000;
const SIMULATORS = 2;
const INTERVAL_SECONDS = 15;
/** Nobody is so inaccurate that the venue would not take it: whatever is refused is the system's doing. */
const ACCURACY = "uniform:0.5,3";
/** As many as give everybody a desk. */
const BUILDINGS = (DEVICES_OF_A_SIMULATOR * SIMULATORS) / 400;
const VENUE = "crowd";
const OPERATOR_TOKEN = "operator token of the benchmark";
const ROOT = path.resolve(path.dirname(process.argv[1] as string), "../..");
const GROWTH_MAX = 1.1;
const SERVICES = ["ingest 1", "ingest 2", "processor", "api"] as const;

/** 20,000 people's devices, each with a socket of its own, through two ingest processes. */
export async function benchSockets(seed: number, minutes: number): Promise<void> {
  heading("sockets: every device with its own, on one machine", [
    `${SIMULATORS} simulators of ${short(DEVICES_OF_A_SIMULATOR)} walking people each, a fix every ${INTERVAL_SECONDS} s, 2 ingest, a processor, an api,`,
    `redis-server with appendfsync always; seed ${seed}, ${minutes} min`,
    "memory: resident, medians of the middle and of the end of the run; cores: kept busy on average",
  ]);
  const redis = await startRedisServer({ withUsers: true });
  const ports = { api: await freePort(), ingest: [await freePort(), await freePort()] };
  const services = SERVICES.map((name, index) =>
    service(name, redis, { API_PORT: `${ports.api}`, INGEST_PORT: `${ports.ingest[index] ?? 0}` }),
  );
  try {
    await Promise.all(services.map((each) => each.start()));
    const api = `http://127.0.0.1:${ports.api}`;
    const watching = watchProcesses([...services.map(({ pid }) => pid), redis.pid], minutes * 60_000);
    const summaries = await Promise.all(
      ports.ingest.map((port, index) =>
        simulate({
          root: ROOT,
          operatorToken: OPERATOR_TOKEN,
          tells: index === 0,
          options: {
            ingest: `ws://127.0.0.1:${port}`,
            api,
            venue: VENUE,
            devices: DEVICES_OF_A_SIMULATOR,
            "first-device": 1 + index * DEVICES_OF_A_SIMULATOR,
            buildings: BUILDINGS,
            interval: INTERVAL_SECONDS,
            accuracy: ACCURACY,
            seed,
            minutes,
            every: "60s",
          },
        }),
      ),
    );
    reportAnswers(summaries);
    reportUse(await watching);
    console.log(`  fixes not evaluated yet as the load ended: ${(await unevaluatedFixes(api)).toLocaleString("en")}`);
    for (const { name, unexpectedEnds } of services) {
      if (unexpectedEnds > 0) console.log(`  ${name} ended ${unexpectedEnds} times by itself: MISSED`);
    }
  } finally {
    await Promise.all(services.map((each) => each.end("SIGTERM")));
    await redis.stop();
  }
}

function service(name: (typeof SERVICES)[number], redis: TestRedis, ports: Record<string, string>): KeptProcess {
  const program = name.split(" ")[0] as string;
  return new KeptProcess({
    name,
    command: process.execPath,
    args: [`${program}/dist/main.js`],
    cwd: ROOT,
    env: { OPERATOR_TOKEN, HOST: "127.0.0.1", LOG_LEVEL: "info", REDIS_URL: urlFor(program, redis.url), ...ports },
    readyLine: '"msg":"ready"',
  });
}

function reportAnswers(summaries: readonly Summary[]): void {
  const count = (value: number) => value.toLocaleString("en");
  table(
    ["", "fixes", "accepted", "repeated", "refused", "busy, unknown", "reconnects", "p50 ms", "p95 ms", "p99 ms"],
    summaries.map(({ fixes, outcomes, busy, unknown, reconnects, answer_ms }, index) => {
      const { accepted = 0, repeated = 0, ...others } = outcomes;
      const refused = Object.values(others).reduce((sum, each) => sum + each, 0);
      const { p50, p95, p99 } = answer_ms;
      return [
        `simulator ${index + 1}`,
        ...[fixes, accepted, repeated, refused, busy + unknown, reconnects].map(count),
        ...[p50, p95, p99].map(short),
      ];
    }),
  );
}

function reportUse(uses: readonly ProcessUse[]): void {
  const mb = (bytes: number) => `${short(bytes / 1e6)} MB`;
  table(
    ["", "cores", "memory", "at the end", "growth"],
    [...SERVICES, "redis-server"].map((name, index) => {
      const { bytesBefore, bytesAfter, cores } = uses[index] as ProcessUse;
      const growth = bytesAfter / bytesBefore;
      const verdict = name === "redis-server" ? "it stores what comes" : atMost(growth, GROWTH_MAX);
      return [name, short(cores), mb(bytesBefore), mb(bytesAfter), `${growth.toFixed(2)} times, ${verdict}`];
    }),
  );
}

async function unevaluatedFixes(api: string): Promise<number> {
  const headers = { authorization: `Bearer ${OPERATOR_TOKEN}` };
  const answer = await fetch(`${api}/v1/venues/${VENUE}/status`, { headers });
  return ((await answer.json()) as { unevaluated_fixes: number }).unevaluated_fixes;
}
