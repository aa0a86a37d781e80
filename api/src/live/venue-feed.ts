import type { LiveHello } from "@encounter/core/wire/live";
import type { VenuePicture } from "./venue-picture.ts";
import type { Feed, Viewer } from "./viewer.ts";

/** What all viewers of a venue are told: the same bytes to each, made once. */
export class VenueFeed implements Feed {
  /** Null until there is something to show. */
  hello: LiveHello | null = null;
  /** Grows with every other hello: everything is then told again from it on. */
  helloRevision = 0;
  troubleSinceMs: number | null = null;
  /** Number of the state that `change` leads to, and of the one it leads on from; equal where it is empty. */
  sequence = 0;
  previous = 0;
  change: Uint8Array | null = null;
  private readonly viewers = new Set<Viewer>();
  private picture: VenuePicture | null = null;
  private snapshotMade: Uint8Array | null = null;

  get viewerCount(): number {
    return this.viewers.size;
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
    const { frame, isEmpty } = picture.change();
    const isAnother = picture !== this.picture;
    this.picture = picture;
    this.snapshotMade = null;
    this.previous = this.sequence;
    if (isAnother || !isEmpty) this.sequence++;
    this.change = isAnother ? null : frame;
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
    for (const viewer of this.viewers) viewer.update(this);
  }

  /** The state of `sequence`, or one that is a little newer. */
  snapshot(): Uint8Array {
    if (this.picture === null) throw new Error("nothing was published yet");
    this.snapshotMade ??= this.picture.snapshot();
    return this.snapshotMade;
  }

  close(code: number, reason: string): void {
    for (const viewer of this.viewers) viewer.close(code, reason);
  }
}
