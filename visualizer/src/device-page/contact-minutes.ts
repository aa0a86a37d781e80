import type { Contact, PathMinute } from "@encounter/core/wire/contacts";
import { signal } from "@preact/signals";
import { type ContactsAsked, fetchContactPath } from "../server/contacts.ts";

/** The minutes of the contact that is looked into; the former ones stay until the new ones are there. */
export class ContactMinutes {
  readonly path = signal<readonly PathMinute[] | null>(null);
  readonly trouble = signal<string | null>(null);
  private request: AbortController | null = null;
  private about = "";

  /** Asks for the minutes of a contact, unless these are the last that were asked for. */
  show(asked: ContactsAsked, device: string, contact: Contact): void {
    const { other, start, end } = contact;
    const about = JSON.stringify([asked.venueId, device, other, start, end, asked.measure.toString()]);
    if (about === this.about) return;
    if (!about.startsWith(JSON.stringify([asked.venueId, device, other, start]).slice(0, -1))) this.path.value = null;
    this.about = about;
    void this.load(asked, device, contact);
  }

  stop(): void {
    this.request?.abort();
  }

  private async load(asked: ContactsAsked, device: string, contact: Contact): Promise<void> {
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    try {
      const found = await fetchContactPath(asked, device, contact, request.signal);
      if (request.signal.aborted) return;
      this.trouble.value = null;
      this.path.value = found?.path ?? [];
    } catch (error) {
      if (request.signal.aborted) return;
      this.about = "";
      this.trouble.value = error instanceof Error ? error.message : String(error);
    }
  }
}
