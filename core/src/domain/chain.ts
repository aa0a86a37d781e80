/** A contact between two devices, near in every minute of `[startMinute, endMinute)`. */
export interface TimedContact {
  readonly a: string;
  readonly b: string;
  readonly startMinute: number;
  readonly endMinute: number;
}

/** One contact of a chain, and the minute in which the chain passes from one device to the other. */
export interface ChainStep<Contact extends TimedContact> {
  readonly from: string;
  readonly to: string;
  readonly minute: number;
  readonly contact: Contact;
}

/** How a device can be reached. */
export interface Reach {
  /** Fewest contacts of any chain to it. */
  readonly contacts: number;
  /** The earliest minute in which any chain, of however many contacts, arrives. */
  readonly minute: number;
}

/** The best way found to a device so far; the last step of it, and where that came from. */
interface Arrival<Contact extends TimedContact> {
  readonly device: string;
  readonly minute: number;
  readonly contact: Contact | null;
  readonly previous: Arrival<Contact> | null;
}

type ContactsOf<Contact> = ReadonlyMap<string, readonly Contact[]>;

/**
 * The chain of contacts in time order from one device to another that has the fewest contacts and, of equals, arrives
 * earliest: what goes along it passes each contact in one of its minutes, none earlier than the one before; several in
 * the same minute are allowed. Null where there is none, empty from a device to itself.
 *
 * Such chains are the time-respecting paths of D. Kempe, J. Kleinberg, A. Kumar, "Connectivity and inference problems
 * for temporal networks", J. Comput. Syst. Sci. 64 (2002). They are found round by round: the earliest arrival with at
 * most `k` contacts follows from that with at most `k - 1`.
 */
export function shortestChain<Contact extends TimedContact>(
  contacts: Iterable<Contact>,
  from: string,
  to: string,
): ChainStep<Contact>[] | null {
  for (const arrivals of rounds(contactsByDevice(contacts), from)) {
    const arrival = arrivals.get(to);
    if (arrival !== undefined) return stepsTo(arrival);
  }
  return null;
}

/** Every other device that a chain in time order leads to from one device; see {@link shortestChain}. */
export function reachedFrom(contacts: Iterable<TimedContact>, from: string): Map<string, Reach> {
  const reached = new Map<string, Reach>();
  let count = 0;
  for (const arrivals of rounds(contactsByDevice(contacts), from)) {
    for (const { device, minute } of arrivals.values()) {
      reached.set(device, { contacts: reached.get(device)?.contacts ?? count, minute });
    }
    count++;
  }
  reached.delete(from);
  return reached;
}

/** Per number of contacts, from none on: the devices that so many contacts reach for the first time, or earlier. */
function* rounds<Contact extends TimedContact>(
  contactsOf: ContactsOf<Contact>,
  from: string,
): Generator<ReadonlyMap<string, Arrival<Contact>>> {
  const start: Arrival<Contact> = { device: from, minute: Number.NEGATIVE_INFINITY, contact: null, previous: null };
  const best = new Map([[from, start]]);
  let fresh: ReadonlyMap<string, Arrival<Contact>> = best;
  while (fresh.size > 0) {
    yield fresh;
    fresh = oneContactOn(contactsOf, fresh, best);
    for (const [device, arrival] of fresh) best.set(device, arrival);
  }
}

/** Where one more contact leads that is better than what is known. */
function oneContactOn<Contact extends TimedContact>(
  contactsOf: ContactsOf<Contact>,
  fresh: ReadonlyMap<string, Arrival<Contact>>,
  best: ReadonlyMap<string, Arrival<Contact>>,
): Map<string, Arrival<Contact>> {
  const found = new Map<string, Arrival<Contact>>();
  for (const previous of fresh.values()) {
    for (const contact of contactsOf.get(previous.device) ?? []) {
      const minute = Math.max(previous.minute, contact.startMinute);
      if (minute >= contact.endMinute) continue;
      const device = contact.a === previous.device ? contact.b : contact.a;
      const known = found.get(device) ?? best.get(device);
      if (known === undefined || minute < known.minute) found.set(device, { device, minute, contact, previous });
    }
  }
  return found;
}

function contactsByDevice<Contact extends TimedContact>(contacts: Iterable<Contact>): ContactsOf<Contact> {
  const byDevice = new Map<string, Contact[]>();
  const add = (device: string, contact: Contact) => {
    const known = byDevice.get(device);
    if (known === undefined) byDevice.set(device, [contact]);
    else known.push(contact);
  };
  for (const contact of contacts) {
    add(contact.a, contact);
    add(contact.b, contact);
  }
  return byDevice;
}

function stepsTo<Contact extends TimedContact>(arrival: Arrival<Contact>): ChainStep<Contact>[] {
  const steps: ChainStep<Contact>[] = [];
  for (let at = arrival; at.contact !== null && at.previous !== null; at = at.previous) {
    steps.push({ from: at.previous.device, to: at.device, minute: at.minute, contact: at.contact });
  }
  return steps.reverse();
}
