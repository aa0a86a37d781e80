import { setTimeout as pause } from "node:timers/promises";
import type { TrapPlace } from "../proxy/fault-proxy.ts";
import type { Scenario, Stage } from "../scenario.ts";
import { mergesPairsOf } from "./commands.ts";

/** Kills the processor at the moment its merging goes to Redis, or has been done there and not answered. */
async function killAtMerge({ system, venueId }: Stage, place: TrapPlace): Promise<void> {
  const { processor } = system.services;
  const trap = system.stores.processor.catchCommand(mergesPairsOf(venueId), place);
  await trap.sprung;
  await processor.end("SIGKILL");
  // What was kept back died with its sender.
  system.stores.processor.cut();
  trap.release();
}

export const workerScenarios: readonly Scenario[] = [
  {
    name: "worker-killed-before-merge",
    about: "kill -9 of the worker when pairs are found and not yet merged",
    isShort: true,
    run: async (stage) => {
      await stage.startLoad();
      await killAtMerge(stage, "before");
      await pause(300);
      await stage.system.services.processor.start();
    },
  },
  {
    name: "worker-killed-after-merge",
    about: "kill -9 of the worker when Redis has merged and cleared, and the worker does not know it",
    isShort: true,
    run: async (stage) => {
      await stage.startLoad();
      await killAtMerge(stage, "after");
      await pause(300);
      await stage.system.services.processor.start();
    },
  },
  {
    name: "job-killed-five-times",
    about: "the same job's worker killed five times at its merging, while nothing new comes",
    isShort: false,
    run: async (stage) => {
      const load = await stage.startLoad();
      const killed = killAtMerge(stage, "before");
      await Promise.all([killed, load.stop()]);
      for (let kill = 2; kill <= 5; kill++) {
        const sinceMs = performance.now();
        await Promise.all([killAtMerge(stage, "before"), stage.system.services.processor.start()]);
        stage.tell(`killed ${kill} of 5, tried again after ${secondsSince(sinceMs)} s`);
      }
      await stage.system.services.processor.start();
    },
  },
  {
    name: "processor-gone-for-good",
    about: "one of two processors killed at its merging and never started again",
    isShort: false,
    run: async (stage) => {
      const { system, venueId } = stage;
      const load = await stage.startLoad();
      const second = await system.addProcessor();
      await killAtMerge(stage, "before");
      const killedMs = performance.now();
      // What the dead one had begun is for the other to end: nothing new comes that would lead it there.
      await load.stop();
      while (((await system.operator.status(venueId)).unevaluated_fixes ?? 1) > 0) {
        if (performance.now() - killedMs > 60_000) throw new Error("the other did not take over within 60 s");
        await pause(100);
      }
      stage.note(`the other took over within ${secondsSince(killedMs)} s`);
      await second.end("SIGTERM");
      await system.services.processor.start();
    },
  },
];

function secondsSince(startMs: number): string {
  return ((performance.now() - startMs) / 1_000).toFixed(1);
}
