import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Scenario, Skip, type Stage } from "../scenario.ts";
import { FaultSystem } from "../system/fault-system.ts";

const DISK_MIB = 16;
const FULL_MS = 4_000;

/** A small disk of its own, in memory. @throws Skip where this user may not mount one */
function mountDisk(): string {
  const folder = mkdtempSync(join(tmpdir(), "encounter-faults-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MIB}m`, "tmpfs", folder], { stdio: "pipe" });
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw new Skip(`no tmpfs can be mounted here (${(error as Error).message.split("\n")[1] ?? "no mount"})`);
  }
  // However the run ends, the machine is as it was.
  process.once("exit", () => unmountDisk(folder));
  return folder;
}

function unmountDisk(folder: string): void {
  try {
    execFileSync("umount", ["-l", folder], { stdio: "pipe" });
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Unmounted before.
  }
}

async function fillAndFree(stage: Stage): Promise<void> {
  const { directory } = stage.system.privateRedis;
  const load = await stage.startLoad();
  const filler = join(directory, "filler");
  const { bavail, bsize } = statfsSync(directory);
  // All but what a few frames need: it is Redis' own writing that hits the end.
  writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - 48 * 1_024)));
  const before = stage.system.privateRedis.unexpectedEnds;
  const startedMs = performance.now();
  while (stage.system.privateRedis.unexpectedEnds === before && performance.now() - startedMs < 15_000) await pause(50);
  stage.expect(stage.system.privateRedis.unexpectedEnds > before, "Redis did not notice its full disk");
  const fullMs = performance.now();
  await pause(FULL_MS);
  const since = load.gateways.filter(({ acknowledgedMs }) => acknowledgedMs > fullMs + 2_000).length;
  stage.note(
    `Redis ended ${stage.system.privateRedis.unexpectedEnds - before} times, ${since} gateways got something in`,
  );
  rmSync(filler);
}

export const diskScenarios: readonly Scenario[] = [
  {
    name: "disk-full",
    about: "Redis' disk full for 4 s, then freed: Redis ends itself and is started again",
    isShort: true,
    mayEnd: ["redis"],
    startsSystem: async () => {
      const redisDirectory = mountDisk();
      return FaultSystem.start({ redisDirectory, cleanUp: () => unmountDisk(redisDirectory) });
    },
    run: fillAndFree,
  },
];
