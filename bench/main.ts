import { parseArgs } from "node:util";
import { play, type Role } from "./ingest/role.ts";
import { benchIngest } from "./ingest.ts";
import { benchJoin } from "./join.ts";
import { benchLiveFrame } from "./live-frame.ts";
import { describeMachine } from "./machine.ts";
import { benchMap } from "./map.ts";
import { benchMemory } from "./memory.ts";
import { benchSockets } from "./sockets.ts";

interface Part {
  readonly about: string;
  readonly run: (seed: number, minutes: number) => Promise<void>;
}

const PARTS: Readonly<Record<string, Part>> = {
  join: { about: "one minute's pairs found and stored, against other ways of finding them", run: benchJoin },
  ingest: { about: "fixes from a WebSocket to their acknowledgement, against bare servers", run: benchIngest },
  live: { about: "a live frame of 50,000 devices to 100 viewers, packed against JSON", run: () => benchLive() },
  map: { about: "10,000 devices and lines on an open map: script, delay, memory; the first view", run: benchMap },
  sockets: { about: "20,000 devices with a socket each: answers, and every process's memory", run: benchSockets },
  memory: { about: "bytes of Redis per minute's fix and per pair-minute", run: benchMemory },
};

const USAGE = `npm run bench -- [PART...] [--seed N] [--minutes N]

Measures the system against other ways of doing the same, in turn and in the same run, and prints the ratios.
Without a PART all are run.

${Object.entries(PARTS)
  .map(([name, { about }]) => `  ${name.padEnd(8)} ${about}`)
  .join("\n")}

  --seed N     decides where devices are and how well they know it (default 1)
  --minutes N  how long the map is watched, or the sockets are used (default 3)
  --help       prints this
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: "1" },
    minutes: { type: "string", default: "3" },
    help: { type: "boolean" },
    role: { type: "string" },
  },
});
if (values.role !== undefined) await play(values.role as Role);
else if (values.help === true) process.stdout.write(USAGE);
else
  await runParts(
    positionals.length > 0 ? positionals : Object.keys(PARTS),
    Number(values.seed),
    Number(values.minutes),
  );

function benchLive(): Promise<void> {
  console.log();
  return benchLiveFrame((line) => console.log(line));
}

async function runParts(names: readonly string[], seed: number, minutes: number): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
  const unknown = names.find((name) => PARTS[name] === undefined);
  if (unknown !== undefined || !Number.isSafeInteger(seed) || !(minutes > 0)) {
    const numbers = "--seed must be a whole number, --minutes more than 0";
    process.stderr.write(`${unknown === undefined ? numbers : `no part ${unknown}`}\n\n${USAGE}`);
    process.exitCode = 1;
    return;
  }
  console.log(describeMachine());
  for (const name of names) await PARTS[name]?.run(seed, minutes);
}
