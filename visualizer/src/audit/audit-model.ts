import { computed, signal } from "@preact/signals";
import { failureWords } from "../manage/failure.ts";
import type { Opening } from "../state/opening.ts";
import { type AuditEntry, type AuditFilter, fetchAudit } from "./audit-calls.ts";

const ENTRIES_PER_PAGE = 100;
const ENTRIES_PER_FILE_PAGE = 1_000;
/** More is for the command line. */
const ENTRIES_PER_FILE = 50_000;

/** All that a filter finds, as far as a file goes. */
export interface Collected {
  readonly entries: readonly AuditEntry[];
  readonly isAll: boolean;
}

/** What of the log is looked at: its newest entries, and older ones as they are asked for. */
export class AuditModel {
  readonly filter = signal<AuditFilter>({ venueId: "", action: "", deviceId: "" });
  readonly entries = signal<readonly AuditEntry[]>([]);
  /** Null at the log's beginning. */
  readonly cursor = signal<string | null>(null);
  readonly loading = signal(true);
  readonly trouble = signal("");
  /** Entries collected for a file so far, null while none is made. */
  readonly collected = signal<number | null>(null);
  readonly isFiltered = computed(() => this.filter.value.action !== "" || this.filter.value.deviceId !== "");
  private readonly opening: Opening;
  private question = 0;

  constructor(opening: Opening) {
    this.opening = opening;
  }

  /** Asks for other entries, the newest first. */
  async show(filter: AuditFilter): Promise<void> {
    this.filter.value = filter;
    await this.read(null);
  }

  /** Adds older entries to those that are shown. */
  async older(): Promise<void> {
    await this.read(this.cursor.peek());
  }

  /** Everything that the filter finds. @throws SignedOut | Refused | Unreachable */
  async collect(): Promise<Collected> {
    const filter = this.filter.peek();
    const entries: AuditEntry[] = [];
    let cursor: string | null = null;
    this.collected.value = 0;
    try {
      do {
        const page = await fetchAudit(filter, cursor, ENTRIES_PER_FILE_PAGE);
        entries.push(...page.entries);
        cursor = page.next_cursor;
        this.collected.value = entries.length;
      } while (cursor !== null && entries.length < ENTRIES_PER_FILE);
    } finally {
      this.collected.value = null;
    }
    return { entries, isAll: cursor === null };
  }

  private async read(cursor: string | null): Promise<void> {
    const question = ++this.question;
    this.loading.value = true;
    this.trouble.value = "";
    try {
      const page = await fetchAudit(this.filter.peek(), cursor, ENTRIES_PER_PAGE);
      if (question !== this.question) return;
      this.entries.value = cursor === null ? page.entries : [...this.entries.peek(), ...page.entries];
      this.cursor.value = page.next_cursor;
    } catch (error) {
      if (question !== this.question) return;
      this.trouble.value = failureWords(error, this.opening);
    } finally {
      if (question === this.question) this.loading.value = false;
    }
  }
}
