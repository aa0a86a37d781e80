import { execFile } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

const SAMPLE_MS = 5_000;
/** Until sockets are open, heaps have found their size and the first minutes are evaluated. */
const WARM_UP_SHARE = 0.3;

/** What the operating system says of a process at one moment. */
interface Use {
  readonly residentBytes: number;
  /** Since it began. */
  readonly cpuSeconds: number;
}

interface Sample {
  readonly atMs: number;
  readonly uses: readonly Use[];
}

/** What a process used in a run, without its beginning. */
export interface ProcessUse {
  /** Median of the first third after the warm-up. */
  readonly bytesBefore: number;
  /** Median of the last third. */
  readonly bytesAfter: number;
  /** Cores that it kept busy on average. */
  readonly cores: number;
}

/** Looks at processes again and again for a while. @returns what each used, in their order */
export async function watchProcesses(pids: readonly number[], forMs: number): Promise<ProcessUse[]> {
  const samples: Sample[] = [];
  const startMs = Date.now();
  while (Date.now() - startMs < forMs) {
    await pause(SAMPLE_MS);
    samples.push({ atMs: Date.now() - startMs, uses: await look(pids) });
  }
  const settled = samples.filter(({ atMs }) => atMs > forMs * WARM_UP_SHARE);
  return pids.map((_, index) => summarize(settled, index));
}

async function look(pids: readonly number[]): Promise<Use[]> {
  const { stdout } = await promisify(execFile)("ps", ["-o", "pid=,rss=,cputimes=", "-p", pids.join(",")]);
  const uses = new Map<number, Use>();
  for (const line of stdout.trim().split("\n")) {
    const [pid = 0, kilobytes = 0, cpuSeconds = 0] = line.trim().split(/\s+/).map(Number);
    uses.set(pid, { residentBytes: kilobytes * 1_024, cpuSeconds });
  }
  return pids.map((pid) => uses.get(pid) ?? { residentBytes: Number.NaN, cpuSeconds: Number.NaN });
}

function summarize(samples: readonly Sample[], index: number): ProcessUse {
  const third = Math.ceil(samples.length / 3);
  const medianBytes = (some: readonly Sample[]) => {
    const sorted = some.map(({ uses }) => uses[index]?.residentBytes ?? Number.NaN).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  };
  const [first, last] = [samples[0], samples.at(-1)];
  const cpuSeconds = (last?.uses[index]?.cpuSeconds ?? Number.NaN) - (first?.uses[index]?.cpuSeconds ?? Number.NaN);
  return {
    bytesBefore: medianBytes(samples.slice(0, third)),
    bytesAfter: medianBytes(samples.slice(-third)),
    cores: (cpuSeconds * 1_000) / ((last?.atMs ?? 0) - (first?.atMs ?? 0)),
  };
}
