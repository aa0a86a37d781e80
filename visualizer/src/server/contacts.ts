import type { Contact, DeviceContacts } from "@encounter/core/wire/contacts";
import type { DeviceFix, DeviceFixes } from "@encounter/core/wire/devices";
import { ask, getJson, Refused, Unreachable } from "./requests.ts";
import { venuePath } from "./venues.ts";

/** What a query for contacts is about: times in ms, `[fromMs, toMs)`, and the measure in words of the api. */
export interface ContactsAsked {
  readonly venueId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly measure: URLSearchParams;
}

const PAGE = "1000";

/** Whether what failed may succeed if it is simply asked again in a while. */
export function isPassing(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof Refused && error.status >= 500);
}

/** Where the contacts of a device are had. @param more further words of the query */
export function deviceContactsPath(asked: ContactsAsked, device: string, more: Record<string, string>): string {
  return venuePath(asked.venueId, `/devices/${encodeURIComponent(device)}/contacts?${words(asked, more)}`);
}

function words({ fromMs, toMs, measure }: ContactsAsked, more: Record<string, string>): URLSearchParams {
  return new URLSearchParams({ from: String(fromMs), to: String(toMs), ...Object.fromEntries(measure), ...more });
}

/**
 * All contacts of a device, page by page, without their paths.
 * @param onPage told how many there are so far
 * @throws SignedOut | Refused | Unreachable
 */
export async function fetchDeviceContacts(
  asked: ContactsAsked,
  device: string,
  signal: AbortSignal,
  onPage: (count: number) => void,
): Promise<Contact[]> {
  const contacts: Contact[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const more: Record<string, string> = { limit: PAGE, path: "false" };
    if (cursor !== "") more.cursor = cursor;
    const page: DeviceContacts = await getJson(deviceContactsPath(asked, device, more), signal);
    contacts.push(...page.contacts);
    cursor = page.next_cursor;
    onPage(contacts.length);
  }
  return contacts;
}

/**
 * One contact minute by minute; null where by now there is none of that start.
 * @throws SignedOut | Refused | Unreachable
 */
export async function fetchContactPath(
  asked: ContactsAsked,
  device: string,
  { other, start, end }: Contact,
  signal: AbortSignal,
): Promise<Contact | null> {
  // A window of one minute holds all contacts that go on then, and only one of them with the other device.
  const within = { ...asked, fromMs: end - 60_000, toMs: end };
  const path = deviceContactsPath(within, device, { limit: PAGE, path: "true" });
  const { contacts } = await getJson<DeviceContacts>(path, signal);
  return contacts.find((contact) => contact.other === other && contact.start <= start) ?? null;
}

/** A device's fixes, one a minute, ascending. @throws SignedOut | Refused | Unreachable */
export async function fetchDeviceFixes(
  { venueId, fromMs, toMs }: ContactsAsked,
  device: string,
  signal: AbortSignal,
): Promise<readonly DeviceFix[]> {
  const path = venuePath(venueId, `/devices/${encodeURIComponent(device)}/fixes?from=${fromMs}&to=${toMs}`);
  return (await getJson<DeviceFixes>(path, signal)).fixes;
}

/**
 * The contacts of a venue, each pair once, as they come; ends early after `most`.
 * @returns them, and whether there were more
 * @throws SignedOut | Refused | Unreachable
 */
export async function fetchVenueContacts(
  asked: ContactsAsked,
  most: number,
  signal: AbortSignal,
  onSome: (count: number) => void,
): Promise<{ contacts: Contact[]; more: boolean }> {
  const query = words(asked, { limit: "all", format: "ndjson" });
  const response = await ask(venuePath(asked.venueId, `/contacts?${query}`), { signal });
  const contacts: Contact[] = [];
  for await (const lines of linesOf(response, signal)) {
    for (const line of lines) contacts.push(JSON.parse(line) as Contact);
    onSome(Math.min(contacts.length, most));
    // To leave the loop ends the answer as well.
    if (contacts.length > most) return { contacts: contacts.slice(0, most), more: true };
  }
  return { contacts, more: false };
}

/** The lines of an answer, some at a time. @throws Unreachable where it breaks off */
async function* linesOf(response: Response, signal: AbortSignal): AsyncGenerator<string[]> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + value).split("\n");
      rest = lines.pop()!;
      yield lines;
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Unreachable(String(error));
  } finally {
    await reader.cancel().catch(() => {});
  }
}
