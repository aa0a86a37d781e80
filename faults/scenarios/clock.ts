import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fixAt } from "../load/crowd.ts";
import type { Control } from "../preload/control.ts";
import type { Scenario, Stage } from "../scenario.ts";
import { FaultSystem, type ServiceName } from "../system/fault-system.ts";

/** A fix may be this far ahead of the server's clock. */
const EARLY_MS = 120_000;
const BLOCKED_MS = 60_000;

const controlFiles = new WeakMap<FaultSystem, string>();

/** A system whose services can be told what their clock says and when they stand still. */
async function startControlled(): Promise<FaultSystem> {
  const folder = mkdtempSync(join(tmpdir(), "encounter-faults-control-"));
  const file = join(folder, "control.json");
  const preload = { module: "faults/dist/preload/control.js", env: { FAULTS_CONTROL_FILE: file } };
  const system = await FaultSystem.start({ preload, cleanUp: () => rmSync(folder, { recursive: true }) });
  controlFiles.set(system, file);
  return system;
}

async function tell(system: FaultSystem, control: Control, names: readonly ServiceName[]): Promise<void> {
  writeFileSync(controlFiles.get(system) as string, JSON.stringify(control));
  for (const name of names) system.services[name].signal("SIGUSR2");
  await pause(200);
}

const ALL = ["ingest", "processor", "api"] as const;

async function stepClock(stage: Stage): Promise<void> {
  const { system } = stage;
  await stage.startLoad();
  for (const offsetMs of [60_000, -60_000, 0, 60_000, 0]) {
    await tell(system, { clockOffsetMs: offsetMs }, ALL);
    await expectEarlyLimit(stage, offsetMs);
    await pause(stage.random.between(300, 1_000));
  }
}

/** The door goes by its own clock: what is too far ahead of that is early, and nothing else. */
async function expectEarlyLimit(stage: Stage, offsetMs: number): Promise<void> {
  const serverMs = Date.now() + offsetMs;
  const place = { eastM: 1, northM: 1, floor: 0 };
  const device = `ahead ${offsetMs} ${Math.floor(stage.random.next() * 1e9)}`;
  const early = fixAt(stage.venueId, device, serverMs + EARLY_MS + 10_000, place, 1);
  const inTime = fixAt(stage.venueId, device, serverMs + EARLY_MS - 10_000, place, 1);
  const gateway = stage.gateway();
  const first = await gateway.send([early]);
  const second = await gateway.send([inTime]);
  const where = `with the server's clock at ${offsetMs / 1_000} s`;
  stage.expect(first?.counts.early === 1, `${where} a fix 130 s ahead of it was ${JSON.stringify(first?.counts)}`);
  stage.expect(second?.counts.accepted === 1, `${where} a fix 110 s ahead of it was ${JSON.stringify(second?.counts)}`);
}

async function block(stage: Stage, names: readonly ServiceName[]): Promise<void> {
  await stage.startLoad();
  await tell(stage.system, { blockMs: BLOCKED_MS }, names);
  await pause(BLOCKED_MS);
}

export const clockScenarios: readonly Scenario[] = [
  {
    name: "server-clock-stepped",
    about: "the services' clock stepped by 60 s forward and back, under load",
    isShort: true,
    startsSystem: startControlled,
    run: stepClock,
  },
  {
    name: "event-loop-blocked-60s",
    about: "ingest and processor stand still for 60 s",
    isShort: false,
    startsSystem: startControlled,
    run: (stage) => block(stage, ["ingest", "processor"]),
  },
];
