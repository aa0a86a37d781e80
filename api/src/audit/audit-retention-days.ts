/** How long the audit log is kept: what may be set, and what holds where nothing is. Nobody can have it keep less. */
export const AUDIT_RETENTION_DAYS = { min: 30, max: 36_500, fallback: 730 };
