import type { Contact } from "@encounter/core/wire/contacts";

/** A device's contacts in numbers. */
export interface ContactSummary {
  readonly contacts: number;
  /** Different other devices. */
  readonly devices: number;
  readonly totalMinutes: number;
  readonly certainMinutes: number;
  readonly averageMinutes: number;
  readonly longestMinutes: number;
}

/** Counts contacts of one device; an average of none is 0. */
export function summaryOf(contacts: readonly Contact[]): ContactSummary {
  let totalMinutes = 0;
  let certainMinutes = 0;
  let longestMinutes = 0;
  for (const contact of contacts) {
    totalMinutes += contact.minutes;
    certainMinutes += contact.certain_minutes;
    longestMinutes = Math.max(longestMinutes, contact.minutes);
  }
  return {
    contacts: contacts.length,
    devices: new Set(contacts.map(({ other }) => other)).size,
    totalMinutes,
    certainMinutes,
    averageMinutes: contacts.length === 0 ? 0 : totalMinutes / contacts.length,
    longestMinutes,
  };
}
