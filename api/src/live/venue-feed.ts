import type { LiveHello } from "@encounter/core/wire/live";
import { type Look, measureKey } from "./look.ts";
import type { Naming } from "./naming.ts";
import type { PictureChange } from "./picture-change.ts";
import type { VenuePicture } from "./venue-picture.ts";
import type { Feed, Viewer } from "./viewer.ts";

/** What all viewers of a venue are told: the same bytes to each that looks by the same measure, made once. */
export class VenueFeed implements Feed {
  /** Null until there is something to show. */
  hello: LiveHello | null = null;
  /** Grows with every other hello: everything is then told again from it on. */
  helloRevision = 0;
  troubleSinceMs: number | null = null;
  /** Number of the state that `change` leads to, and of the one it leads on from; equal where it is empty. */
  sequence = 0;
  previous = 0;
  private news: PictureChange | null = null;
  private readonly viewers = new Set<Viewer>();
  private picture: VenuePicture | null = null;
  private readonly snapshots = new Map<string, Uint8Array>();
  private readonly onFrameLeftOut: () => void;

  /** @param onFrameLeftOut told of each viewer that could not take a frame */
  constructor(onFrameLeftOut: () => void) {
    this.onFrameLeftOut = onFrameLeftOut;
  }

  get viewerCount(): number {
    return this.viewers.size;
  }

  /** How the viewers wish to look, all but one. */
  looksBeside(viewer: Viewer): Look[] {
    return [...this.viewers].filter((each) => each !== viewer).map(({ look }) => look);
  }

  /** The same of all: from now on they are shown that. */
  takeLooks(): Look[] {
    for (const viewer of this.viewers) viewer.shown = viewer.look;
    return [...this.viewers].map(({ look }) => look);
  }

  add(viewer: Viewer): void {
    this.viewers.add(viewer);
  }

  remove(viewer: Viewer): void {
    this.viewers.delete(viewer);
  }

  /** Sets what is said first; viewers hear it again where it is another. */
  greet(hello: LiveHello): void {
    if (JSON.stringify(hello) === JSON.stringify(this.hello)) return;
    this.hello = hello;
    this.helloRevision++;
  }

  /** Tells what changed in the picture, or all of it where it is another picture. */
  publish(picture: VenuePicture): void {
    const news = picture.change();
    const isAnother = picture !== this.picture;
    this.picture = picture;
    this.snapshots.clear();
    this.previous = this.sequence;
    if (isAnother || !news.isEmpty) this.sequence++;
    this.news = isAnother ? null : news;
    this.updateViewers();
  }

  /** Tells that nothing can be read, since a time. */
  beginTrouble(sinceMs: number): void {
    this.troubleSinceMs ??= sinceMs;
    this.updateViewers();
  }

  /** What is published next is told whole. */
  endTrouble(): void {
    this.troubleSinceMs = null;
    this.picture = null;
  }

  updateViewers(): void {
    for (const viewer of this.viewers) {
      if (viewer.isBehind) this.onFrameLeftOut();
      else viewer.update(this);
    }
  }

  measureFor(look: Look): string | null {
    const view = this.picture?.views?.find(look);
    return view === undefined ? null : measureKey(view.measure);
  }

  change(measure: string, comesAnew: boolean, naming: Naming): Uint8Array | null {
    return this.news?.frame(measure, comesAnew, naming) ?? null;
  }

  /** The state of `sequence`, or one that is a little newer. */
  snapshot(measure: string, naming: Naming): Uint8Array {
    const key = `${naming} ${measure}`;
    const made = this.snapshots.get(key);
    if (made !== undefined) return made;
    const view = this.picture?.views?.all.get(measure);
    if (!this.picture || view === undefined) throw new Error(`nobody looks by ${measure}`);
    const snapshot = this.picture.snapshot(view, naming);
    this.snapshots.set(key, snapshot);
    return snapshot;
  }

  close(code: number, reason: string): void {
    for (const viewer of this.viewers) viewer.close(code, reason);
  }
}
