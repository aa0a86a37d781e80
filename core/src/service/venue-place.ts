/** Where a venue is, and what that was made from. */
export interface StoredPlace {
  readonly longitude: number;
  readonly latitude: number;
  /** Revision of the plan when it was made. */
  readonly planRevision: number;
  /** The minute whose fixes it is amid, or null where it is the plan's middle. */
  readonly minute: number | null;
}

/** A place as the venue's record keeps it. Numbers come back as exact as they were. */
export function writePlace({ longitude, latitude, planRevision, minute }: StoredPlace): string {
  return JSON.stringify([longitude, latitude, planRevision, minute]);
}

/** Reads what {@link writePlace} wrote; null where there is nothing. */
export function readPlace(text: string | null | undefined): StoredPlace | null {
  if (text === null || text === undefined) return null;
  const [longitude, latitude, planRevision, minute] = JSON.parse(text) as [number, number, number, number | null];
  return { longitude, latitude, planRevision, minute };
}
