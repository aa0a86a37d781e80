/** What one run of an alternative measured, by name. */
export type Sample = Readonly<Record<string, number>>;

/** The runs of one alternative, in the order of the rounds. */
export type Samples = readonly Sample[];

/**
 * Runs alternatives in turn, round after round, so that whatever else the machine does meanwhile meets all alike.
 * The first round warms up and is dropped.
 */
export async function inTurn<Name extends string>(
  rounds: number,
  alternatives: Readonly<Record<Name, () => Promise<Sample>>>,
): Promise<Record<Name, Samples>> {
  const names = Object.keys(alternatives) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as Sample[]])) as Record<Name, Sample[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const sample = await alternatives[name]();
      if (round > 0) samples[name].push(sample);
    }
  }
  return samples;
}

/** The middle of some values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length % 2 === 1) return sorted[Math.floor(middle)] as number;
  return ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** The median of one measurement over an alternative's runs. */
export function medianOf(samples: Samples, measurement: string): number {
  return median(samples.map((sample) => sample[measurement] as number));
}

/** Milliseconds that some work takes. */
export async function elapsedMs(work: () => unknown): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}
