import type { ContactPlace } from "./contact-order.ts";
import { type ContactCriteria, ContactScan, type ScanParts } from "./contact-scan.ts";
import { type Listed, Shortlist } from "./shortlist.ts";

/**
 * Finds the first `count` contacts in answer order after a place.
 *
 * Minutes are read until it is certain which contacts are the first and where they end. In memory are at most the
 * runs of one minute and twice `count` contacts.
 */
export async function findContacts(
  criteria: ContactCriteria,
  parts: ScanParts,
  count: number,
  after: ContactPlace | null,
): Promise<readonly Listed[]> {
  const scan = new ContactScan(criteria, parts, after?.startMinute ?? null);
  const shortlist = new Shortlist(count, after, parts);
  let isDeciding = true;
  for await (const { nextMinute, fresh } of scan.steps()) {
    if (isDeciding) {
      await shortlist.offer(fresh);
      scan.horizonMinute = Math.min(scan.horizonMinute, shortlist.horizonMinute);
      isDeciding = scan.retainUndecided(nextMinute);
    }
    if (!isDeciding && (await isSettled(scan, parts, shortlist, nextMinute))) break;
  }
  return shortlist.entries;
}

/** Whether the ends of all contacts on the list are known. */
async function isSettled(
  { tracker }: ContactScan,
  { pairTimeline, fewRuns }: ScanParts,
  shortlist: Shortlist,
  nextMinute: number,
): Promise<boolean> {
  const listed = new Set(shortlist.entries.map(({ run }) => run));
  tracker.retain((run) => run.lastMinute === nextMinute - 1 && listed.has(run));
  if (tracker.size > fewRuns) return false;
  for (const run of tracker.values()) await pairTimeline.stretchForward(run);
  return true;
}
