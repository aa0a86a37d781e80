import { encodeLiveFrame, type LiveFixes, type LiveLines } from "@encounter/core/wire/live";
import type { NameDevice } from "../access/aliases.ts";
import type { Nearness } from "../contacts/run-tracker.ts";
import type { Naming } from "./naming.ts";

/** What is told to all viewers, whatever they look by. */
export interface CommonNews {
  readonly timeMs: number;
  readonly minute: number;
  readonly isMinuteNew: boolean;
  readonly firstName: number;
  readonly names: readonly string[];
  readonly fixes: LiveFixes;
}

/** The lines by one measure. */
export interface LineNews {
  readonly measure: Nearness;
  readonly lines: LiveLines;
  /** Whether they are others than in the change before. */
  readonly areNew: boolean;
}

/** A change of the picture, as a frame for each measure that somebody looks by, made when first asked for. */
export class PictureChange {
  readonly isEmpty: boolean;
  private readonly common: CommonNews;
  private readonly alias: NameDevice;
  private readonly lines: ReadonlyMap<string, LineNews>;
  private readonly frames = new Map<string, Uint8Array>();

  /** @param alias what devices are called for those who must not know their names */
  constructor(common: CommonNews, lines: ReadonlyMap<string, LineNews>, alias: NameDevice) {
    this.common = common;
    this.alias = alias;
    this.lines = lines;
    const { fixes, names, isMinuteNew } = common;
    const areLinesNew = [...lines.values()].some(({ areNew }) => areNew);
    this.isEmpty = fixes.count === 0 && names.length === 0 && !isMinuteNew && !areLinesNew;
  }

  /**
   * The change as told to those who look by a measure.
   * @param comesAnew whether they looked by another one before: they are told all lines
   */
  frame(key: string, comesAnew: boolean, naming: Naming): Uint8Array {
    const news = this.lines.get(key);
    if (news === undefined) throw new Error(`nobody looked by ${key} when this change was made`);
    const withLines = comesAnew || news.areNew;
    const name = `${key} ${withLines} ${naming}`;
    const made = this.frames.get(name);
    if (made !== undefined) return made;
    const { proximityDm, certainOnly } = news.measure;
    const { isMinuteNew: _, ...common } = this.common;
    const lines = withLines ? news.lines : null;
    const names = naming === "own" ? common.names : common.names.map(this.alias);
    const frame = encodeLiveFrame({ snapshot: false, ...common, names, proximityDm, certain: certainOnly, lines });
    this.frames.set(name, frame);
    return frame;
  }
}
