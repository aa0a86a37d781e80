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
    about: "the same job's worker killed five times, before and after its merging in turn",
    isShort: false,
    run: async (stage) => {
      const load = await stage.startLoad();
      for (let kill = 0; kill < 5; kill++) {
        const killed = killAtMerge(stage, kill % 2 === 0 ? "before" : "after");
        if (kill === 0) {
          await killed;
          // Nothing new comes: the job that is tried again is the one that was killed.
          await load.stop();
        } else await killed;
        stage.tell(`killed ${kill + 1} of 5`);
        await stage.system.services.processor.start();
      }
    },
  },
  {
    name: "processor-gone-for-good",
    about: "one of two processors killed at its merging and never started again",
    isShort: false,
    run: async (stage) => {
      const { system } = stage;
      const second = await system.addProcessor();
      await stage.startLoad();
      // The proxy cannot tell the two apart: the first dies holding whatever it holds.
      await pause(500);
      await system.services.processor.end("SIGKILL");
      await pause(2_000);
      const recoveredMs = performance.now();
      await stage.load?.stop();
      while (((await system.operator.status(stage.venueId)).unevaluated_fixes ?? 1) > 0) {
        if (performance.now() - recoveredMs > 60_000) break;
        await pause(100);
      }
      stage.note(`the other took over within ${Math.round((performance.now() - recoveredMs) / 100) / 10} s`);
      stage.expect(
        (await system.operator.status(stage.venueId)).unevaluated_fixes === 0,
        "the other did not take over",
      );
      await system.services.processor.start();
      await second.end("SIGTERM");
    },
  },
];
