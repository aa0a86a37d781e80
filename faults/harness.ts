import { mix, Random } from "../simulator/src/world/random.ts";
import { failureText } from "./report.ts";
import { type Result, runScenario } from "./run-scenario.ts";
import { type Scenario, Skip } from "./scenario.ts";
import { FaultSystem, type SystemOptions } from "./system/fault-system.ts";

/** Runs scenarios one after another, those that can on one system, and tells how it goes. */
export class Harness {
  readonly results: Result[] = [];
  private readonly say: (line: string) => void;
  private readonly systemOptions: SystemOptions;
  private shared: FaultSystem | null = null;

  constructor(say: (line: string) => void, systemOptions: SystemOptions = {}) {
    this.say = say;
    this.systemOptions = systemOptions;
  }

  /** Runs what is in a queue until it is empty: two harnesses may share one. */
  async runEach(queue: Scenario[], seed: number): Promise<void> {
    for (let scenario = queue.shift(); scenario !== undefined; scenario = queue.shift()) await this.run(scenario, seed);
  }

  /** Runs all in a seeded random order, and again in another, until the time is up; each at least once. */
  async runFor(scenarios: readonly Scenario[], seed: number, minutes: number): Promise<void> {
    const endMs = performance.now() + minutes * 60_000;
    for (let round = 0; ; round++) {
      for (const scenario of shuffled(scenarios, new Random(mix(seed, round)))) {
        if (round > 0 && performance.now() > endMs) return;
        await this.run(scenario, round === 0 ? seed : mix(seed, round));
      }
      if (performance.now() > endMs) return;
    }
  }

  async stop(): Promise<void> {
    await this.shared?.stop();
    this.shared = null;
  }

  private async run(scenario: Scenario, seed: number): Promise<void> {
    this.say(`${scenario.name}: ${scenario.about}`);
    const result = await this.resultOf(scenario, seed);
    this.results.push(result);
    const { verdict, accepted, unknown, recoveryS, elapsedS, notes, troubles } = result;
    const recovered = recoveryS === null ? "" : `, recovered in ${recoveryS.toFixed(1)} s`;
    const notesText = notes.map((note) => `; ${note}`).join("");
    if (verdict === "skipped") this.say(`    ${scenario.name} SKIPPED: ${troubles.join("; ")}`);
    else {
      const counted = `${accepted} accepted, ${unknown} unknown${recovered}${notesText}`;
      this.say(`    ${scenario.name} ${verdict} in ${elapsedS.toFixed(1)} s: ${counted}`);
    }
    if (verdict !== "FAILED") return;
    this.say(failureText(result));
    // What a failed scenario left is not the next one's to bear.
    await this.stop();
  }

  private async resultOf(scenario: Scenario, seed: number): Promise<Result> {
    const startedMs = performance.now();
    let own: FaultSystem | null = null;
    try {
      if (scenario.startsSystem !== undefined) own = await scenario.startsSystem({ random: new Random(seed) });
      else this.shared ??= await FaultSystem.start(this.systemOptions);
      return await runScenario(scenario, own ?? (this.shared as FaultSystem), seed, this.say);
    } catch (error) {
      // The system did not start, or its operators' door never answered.
      return {
        scenario,
        seed,
        verdict: error instanceof Skip ? "skipped" : "FAILED",
        ...{ accepted: 0, unknown: 0, lost: 0, contacts: 0, differingContacts: 0, recoveryS: null, notes: [] },
        elapsedS: (performance.now() - startedMs) / 1_000,
        isByCheck: false,
        troubles: [error instanceof Skip ? error.message : String((error as Error).stack ?? error)],
      };
    } finally {
      await own?.stop();
    }
  }
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  return items
    .map((item) => ({ item, place: random.next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
