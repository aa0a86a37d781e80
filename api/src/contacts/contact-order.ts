/** Where a contact stands in an answer: by start, then by the two ids, as UTF-16 units. */
export interface ContactPlace {
  readonly startMinute: number;
  readonly deviceId: string;
  readonly other: string;
}

/** Order of contacts in answers. Negative where `a` comes first, 0 for the same contact. */
export function comparePlaces(a: ContactPlace, b: ContactPlace): number {
  if (a.startMinute !== b.startMinute) return a.startMinute - b.startMinute;
  return compareText(a.deviceId, b.deviceId) || compareText(a.other, b.other);
}

/** Order of ids: by UTF-16 units, the same everywhere, whatever the language. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
