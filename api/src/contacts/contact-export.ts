import { type ContactPlace, comparePlaces } from "./contact-order.ts";
import { type ContactCriteria, ContactScan, type ScanParts } from "./contact-scan.ts";
import type { Run } from "./run-tracker.ts";
import type { Listed } from "./shortlist.ts";

const RUNS_PER_TURN = 4_096;

/**
 * All contacts after a place, in answer order, in one pass, as many at a time as are ready. A contact is given once it and all before it have ended,
 * so a long one makes others wait; when too many do, it is followed to its end in its devices' timelines. In memory
 * are at most the runs of one minute and `waitingMax` contacts that have ended.
 */
export async function* exportContacts(
  criteria: ContactCriteria,
  parts: ScanParts,
  waitingMax: number,
  after: ContactPlace | null,
): AsyncGenerator<readonly Listed[]> {
  const scan = new ContactScan(criteria, parts, after?.startMinute ?? null);
  const queue = new ExportQueue(parts, after);
  for await (const { nextMinute, fresh } of scan.steps()) {
    await queue.add(fresh);
    const isDeciding = scan.retainUndecided(nextMinute);
    const isNearlyDone = !isDeciding && scan.tracker.size <= parts.fewRuns;
    if (isNearlyDone) await queue.settle(queue.length, nextMinute);
    yield queue.takeEnded(nextMinute);
    if (isNearlyDone) return;
    if (queue.length - scan.tracker.size <= waitingMax) continue;
    await queue.settle(Math.ceil(queue.length / 2), nextMinute);
    yield queue.takeEnded(nextMinute);
  }
}

/** Contacts in answer order, of which some still go on. */
class ExportQueue {
  private readonly parts: ScanParts;
  private readonly after: ContactPlace | null;
  private waiting: (Listed & { hasEnded?: true })[] = [];

  constructor(parts: ScanParts, after: ContactPlace | null) {
    this.parts = parts;
    this.after = after;
  }

  get length(): number {
    return this.waiting.length;
  }

  /** Adds runs that start no earlier than those before. */
  async add(runs: readonly Run[]): Promise<void> {
    if (runs.length === 0) return;
    const name = await this.parts.nameRuns(runs);
    const added: Listed[] = [];
    for (const [index, run] of runs.entries()) {
      if (index % RUNS_PER_TURN === 0) await this.parts.breather.pause();
      const names = name(run);
      const listed = names === null ? null : { run, startMinute: run.startMinute, ...names };
      if (listed !== null && (this.after === null || comparePlaces(listed, this.after) > 0)) added.push(listed);
    }
    for (const listed of added.sort(comparePlaces)) this.waiting.push(listed);
  }

  /** Follows those among the first `count` that still go on to their ends. */
  async settle(count: number, nextMinute: number): Promise<void> {
    for (const [index, listed] of this.waiting.slice(0, count).entries()) {
      if (listed.hasEnded || listed.run.lastMinute < nextMinute - 1) continue;
      // The scan goes on with its own: it would take the rest of the run for a new one.
      const run = { ...listed.run };
      await this.parts.pairTimeline.stretchForward(run);
      this.waiting[index] = { ...listed, run, hasEnded: true };
    }
  }

  /** Takes contacts off the front up to the first that still goes on. */
  takeEnded(nextMinute: number): readonly Listed[] {
    const going = this.waiting.findIndex(({ run, hasEnded }) => !hasEnded && run.lastMinute >= nextMinute - 1);
    const ended = going < 0 ? this.waiting : this.waiting.slice(0, going);
    this.waiting = going < 0 ? [] : this.waiting.slice(going);
    return ended;
  }
}
