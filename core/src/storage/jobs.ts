import { encodeId } from "./keys.ts";

/** The queue of wake-ups. */
export const EVALUATE_QUEUE = "evaluate";

/** A wake-up: this venue has fixes in this minute that the contacts may not reflect yet. The truth is `pending`. */
export interface EvaluateJob {
  readonly venueId: string;
  readonly minute: number;
}

/** A venue-minute has one job at a time. Nothing is kept of it: what failed or was lost is swept up again. */
export function evaluateJobOptions(job: EvaluateJob) {
  return { jobId: `${encodeId(job.venueId)}.${job.minute}`, removeOnComplete: true, removeOnFail: true };
}

/** The queue of housekeeping. */
export const MAINTENANCE_QUEUE = "maintenance";

/** Housekeeping that the operators' door asks for: each may be done twice. */
export type MaintenanceJob =
  /** Remove every key of a deleted venue's incarnation. */
  | { readonly kind: "purge"; readonly venueId: string; readonly incarnation: string }
  /** Set the expiry of all that a venue stores anew, after its retention changed. */
  | { readonly kind: "retention"; readonly venueId: string }
  /** Go on with the erasures of a venue that are not complete. It names no device, for failed jobs are kept. */
  | { readonly kind: "erase"; readonly venueId: string };
