import type { AuditAction } from "@encounter/core/domain/audit-action";

/** What somebody is about to do, or tried to. */
export interface AuditEvent {
  readonly actor: string;
  readonly action: AuditAction;
  /** The venue that it is about, with the incarnation: a later venue of the same id has other auditors. */
  readonly venue?: { readonly venueId: string; readonly incarnation: string | null } | undefined;
  readonly case?: string | undefined;
  /** The device's own id: the log keeps a keyed hash of it. */
  readonly deviceId?: string | undefined;
  /** Anything else of interest that names nobody but accounts. */
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
}

/** An entry as its text in the log says it. Short names: there are many. */
export interface AuditEntry {
  readonly at: number;
  readonly actor: string;
  readonly action: AuditAction;
  readonly venue?: string;
  readonly incarnation?: string;
  readonly case?: string;
  /** Keyed hash. */
  readonly device?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** An entry as it is stored. */
export interface StoredEntry {
  readonly seq: number;
  readonly text: string;
  readonly hash: string;
}

/** The end of the log. */
export interface AuditHead {
  readonly count: number;
  readonly hash: string;
}

/** The last entry that was removed for its age: what is left of the log follows it. */
export interface AuditAnchor extends AuditHead {
  /** When the newest of all that were removed was written, ms. */
  readonly at: number;
  /** Keyed hash of the above: nobody who has only the store can have the log begin later. */
  readonly seal: string;
}
