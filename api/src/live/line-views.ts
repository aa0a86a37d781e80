import type { Nearness } from "../contacts/run-tracker.ts";
import type { DeviceNumbers } from "./device-numbers.ts";
import { type LineRules, LineTracker } from "./line-tracker.ts";
import { LineView } from "./line-view.ts";
import { DEFAULT_LOOK, type Look, measureKey, measureOf } from "./look.ts";
import { Rosters } from "./rosters.ts";
import type { VenueSource } from "./venue-source.ts";

/** How long the search for the beginnings of runs may hold up a refresh, ms; it goes on with the next. */
const SEARCH_BUDGET_MS = 200;

/** The lines of a venue by every measure that somebody looks by; always by the venue's default. */
export class LineViews {
  private readonly defaultKey: string;
  private readonly defaultDm: number;
  private readonly backMinutesMax: number;
  private readonly rosters = new Rosters();
  private readonly views = new Map<string, LineView>();
  private readonly standard: LineView;

  constructor(defaultDm: number, backMinutesMax: number, presentMinute: number) {
    this.defaultDm = defaultDm;
    this.backMinutesMax = backMinutesMax;
    const measure = measureOf(DEFAULT_LOOK, defaultDm);
    this.defaultKey = measureKey(measure);
    this.standard = this.add(measure, presentMinute);
  }

  private add(measure: Nearness, presentMinute: number): LineView {
    const rules: LineRules = { ...measure, backMinutesMax: this.backMinutesMax };
    const view = new LineView(measure, new LineTracker(rules, presentMinute, this.rosters));
    this.views.set(measureKey(measure), view);
    return view;
  }

  /** Follows the measures of these looks and the default one, and no others. They are there with the next refresh. */
  follow(looks: Iterable<Look>, presentMinute: number): void {
    const wanted = new Map([[this.defaultKey, this.standard.measure]]);
    for (const look of looks) {
      const measure = measureOf(look, this.defaultDm);
      wanted.set(measureKey(measure), measure);
    }
    for (const key of this.views.keys()) if (!wanted.has(key)) this.views.delete(key);
    for (const [key, measure] of wanted) if (!this.views.has(key)) this.add(measure, presentMinute);
  }

  /** The view by a look's measure, if it is followed. */
  find(look: Look): LineView | undefined {
    return this.views.get(measureKey(measureOf(look, this.defaultDm)));
  }

  get all(): ReadonlyMap<string, LineView> {
    return this.views;
  }

  /** Notes an accepted fix, in the order of acceptance. All views go by the roster that this one keeps. */
  accept(minute: number, deviceIndex: number): void {
    this.standard.tracker.accept(minute, deviceIndex);
  }

  /** Notes that a minute was evaluated further. */
  noteEvaluation(minute: number): void {
    for (const { tracker } of this.views.values()) tracker.noteEvaluation(minute);
  }

  /** Brings all views up to date. */
  async refresh(source: VenueSource, numbers: DeviceNumbers, presentMinute: number): Promise<void> {
    const searchMs = SEARCH_BUDGET_MS / this.views.size;
    for (const view of this.views.values()) await view.refresh(source, numbers, presentMinute, searchMs);
  }
}
