import { linesOf } from "./ndjson-lines.ts";
import { type BadLine, readLine } from "./recording.ts";

/** Bad lines kept for telling. */
const BAD_LINES_KEPT = 100;

/** What is in a file, known before anything of it is sent. */
export interface Survey {
  readonly fixes: number;
  readonly venueIds: readonly string[];
  /** Oldest and newest fix, ms since the Unix epoch; NaN where there is none. */
  readonly oldestMs: number;
  readonly newestMs: number;
  readonly badLines: number;
  /** The first {@link BAD_LINES_KEPT} of them. */
  readonly badLineExamples: readonly Pick<BadLine, "number" | "reason">[];
}

/**
 * Reads a file through once.
 * @param venueId given to all fixes, null to leave them theirs
 * @param onProgress told now and then how many bytes were read and how many fixes were in them
 */
export async function surveyFile(
  file: string,
  venueId: string | null,
  onProgress: (bytes: number, fixes: number) => void,
): Promise<Survey> {
  const venueIds = new Set<string>();
  const badLineExamples: { number: number; reason: string }[] = [];
  let [fixes, badLines, oldestMs, newestMs] = [0, 0, Number.NaN, Number.NaN];
  for await (const lines of linesOf(file, (bytes) => onProgress(bytes, fixes))) {
    for (const line of lines) {
      const recorded = readLine(line, venueId);
      if ("reason" in recorded) {
        badLines++;
        if (badLineExamples.length < BAD_LINES_KEPT)
          badLineExamples.push({ number: line.number, reason: recorded.reason });
        continue;
      }
      const { timestamp, venue_id } = recorded.fix;
      fixes++;
      venueIds.add(venue_id);
      if (!(timestamp >= oldestMs)) oldestMs = timestamp;
      if (!(timestamp <= newestMs)) newestMs = timestamp;
    }
  }
  return { fixes, venueIds: [...venueIds], oldestMs, newestMs, badLines, badLineExamples };
}
