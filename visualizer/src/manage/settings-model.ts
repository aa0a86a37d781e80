import type { Venue, VenueChange } from "@encounter/core/wire/venue";
import { type Signal, signal } from "@preact/signals";
import { texts } from "../language/language.ts";
import { Refused } from "../server/requests.ts";
import type { Opening } from "../state/opening.ts";
import { failureWords } from "./failure.ts";
import {
  changeOf,
  SETTING_ORDER,
  type SettingName,
  type SettingTexts,
  type SettingTroubles,
  settingNamed,
  settingTexts,
  settingTroubles,
} from "./setting-form.ts";
import { saveVenue } from "./venue-calls.ts";

/** What cannot be changed once a venue has fixes. */
type FixedSetting = "cap" | "pseudonyms";

/** The form of a venue's settings: what was typed, what is wrong with it, and what became of it. */
export class SettingsModel {
  readonly form: Signal<SettingTexts>;
  readonly troubles = signal<SettingTroubles>({});
  readonly outcome = signal<{ readonly saved: boolean; readonly text: string } | null>(null);
  readonly busy = signal(false);
  /** A change that deletes what is stored, until it is confirmed. */
  readonly asking = signal<VenueChange | null>(null);
  /** Settings that are fixed, since the venue has fixes, or the server said so. */
  readonly fixed = signal<ReadonlySet<FixedSetting>>(new Set());
  private venue: Venue;
  private readonly opening: Opening;

  constructor(venue: Venue, opening: Opening) {
    this.venue = venue;
    this.opening = opening;
    this.form = signal(settingTexts(venue, texts.peek().code));
  }

  /** What a PUT would have to say. */
  change(): VenueChange {
    return changeOf(this.form.value, this.venue);
  }

  /** Whether a change deletes fixes that are older than it allows. */
  deletes({ retention_days: days = Number.POSITIVE_INFINITY }: VenueChange): boolean {
    return days < this.venue.retention_days;
  }

  set<Name extends SettingName>(setting: Name, value: SettingTexts[Name]): void {
    this.form.value = { ...this.form.peek(), [setting]: value };
    const { [setting]: _, ...others } = this.troubles.peek();
    this.troubles.value = others;
    this.outcome.value = null;
  }

  discard(): void {
    this.form.value = settingTexts(this.venue, texts.peek().code);
    this.troubles.value = {};
    this.outcome.value = null;
  }

  /** Saves what was typed, or asks first. @returns the first setting that is wrong, or null */
  async submit(): Promise<SettingName | null> {
    this.outcome.value = null;
    const found = settingTroubles(this.form.peek(), texts.peek());
    const change = this.change();
    if (Object.keys(found).length > 0) return this.complain(found);
    if (this.deletes(change)) {
      this.asking.value = change;
      return null;
    }
    try {
      await this.save(change);
      return null;
    } catch (error) {
      return this.refuse(error);
    }
  }

  /** @throws SignedOut | Refused | Unreachable */
  async save(change: VenueChange): Promise<void> {
    this.busy.value = true;
    try {
      this.venue = await saveVenue(this.venue.venue_id, change);
      this.form.value = settingTexts(this.venue, texts.peek().code);
      this.outcome.value = { saved: true, text: texts.peek().manage.saved };
      void this.opening.start();
    } finally {
      this.busy.value = false;
    }
  }

  private complain(found: SettingTroubles): SettingName | null {
    this.troubles.value = found;
    return SETTING_ORDER.find((setting) => found[setting] !== undefined) ?? null;
  }

  private refuse(error: unknown): SettingName | null {
    const text = failureWords(error, this.opening);
    const setting = error instanceof Refused ? settingNamed(error.message) : null;
    if (setting === null) {
      this.outcome.value = { saved: false, text };
      return null;
    }
    const isFixed = error instanceof Refused && error.status === 409;
    if (isFixed && (setting === "cap" || setting === "pseudonyms")) this.fix(setting);
    return this.complain({ [setting]: text });
  }

  /** Closes a setting, as it is. */
  private fix(setting: FixedSetting): void {
    this.fixed.value = new Set([...this.fixed.peek(), setting]);
    this.form.value = { ...this.form.peek(), [setting]: settingTexts(this.venue, texts.peek().code)[setting] };
  }
}
