import {
  decodeLiveFrame,
  fromAnchored,
  type LiveFrame,
  type LiveHello,
  type LiveLook,
  type LiveText,
} from "@encounter/core/wire/live";
import { expect } from "vitest";
import { WebSocket } from "ws";

/** A device as a page would show it. */
export interface ShownDevice {
  longitude: number;
  latitude: number;
  floor: number;
  accuracyM: number;
  fixTimeMs: number;
}

/** A viewer of the live feed that adds up what it is told, as the map does. */
export class MapPage {
  readonly socket: WebSocket;
  /** Every text frame, and for each binary frame whether it was a snapshot, in the order of arrival. */
  readonly log: (LiveText | { type: "snapshot" | "change" })[] = [];
  hello: LiveHello | null = null;
  readonly devices = new Map<string, ShownDevice>();
  /** `a-b` (ids in order) to minutes in proximity. */
  lines = new Map<string, { minutes: number; gapDm: number; reachDm: number }>();
  /** By which measure the lines are, as the last frame says. */
  measure: { proximityDm: number; certain: boolean } | null = null;
  minute = -1;
  bytes = 0;
  closed: { code: number; reason: string } | null = null;
  private names: string[] = [];

  constructor(url: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(url, { headers });
    this.socket.binaryType = "arraybuffer";
    this.socket.on("message", (data: ArrayBuffer | Buffer, isBinary) => {
      if (isBinary) this.take(decodeLiveFrame(data as ArrayBuffer), (data as ArrayBuffer).byteLength);
      else this.hear(JSON.parse(Buffer.from(data as ArrayBuffer).toString()) as LiveText);
    });
    this.socket.on("close", (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    this.socket.on("error", () => {});
  }

  /** Asks for lines by a measure. */
  look(look: Omit<LiveLook, "type">): void {
    this.socket.send(JSON.stringify({ type: "look", ...look }));
  }

  /** Why wishes were not granted. */
  get refusals(): string[] {
    return this.log.flatMap((entry) => (entry.type === "refused" ? [entry.message] : []));
  }

  /** How many frames of a type came. */
  count(type: string): number {
    return this.log.filter((entry) => entry.type === type).length;
  }

  private hear(text: LiveText): void {
    this.log.push(text);
    if (text.type !== "hello") return;
    this.hello = text;
    this.clear();
  }

  private clear(): void {
    this.names = [];
    this.devices.clear();
    this.lines.clear();
  }

  private take(frame: LiveFrame, bytes: number): void {
    if (this.hello === null) throw new Error("a frame before the hello");
    this.bytes += bytes;
    this.log.push({ type: frame.snapshot ? "snapshot" : "change" });
    if (frame.snapshot) this.clear();
    frame.names.forEach((name, offset) => {
      this.names[frame.firstName + offset] = name;
    });
    this.minute = frame.minute;
    const measure = { proximityDm: frame.proximityDm, certain: frame.certain };
    if (frame.lines === null) expect(measure, "lines of another measure were never told").toEqual(this.measure);
    this.measure = measure;
    this.takeFixes(frame, this.hello);
    this.takeLines(frame);
  }

  private takeFixes({ fixes, timeMs }: LiveFrame, { anchor }: LiveHello): void {
    for (let at = 0; at < fixes.count; at++) {
      this.devices.set(this.nameOf(fixes.device[at]), {
        ...fromAnchored(anchor, fixes.eastM[at] as number, fixes.northM[at] as number),
        floor: fixes.floor[at] as number,
        accuracyM: (fixes.accuracyCm[at] as number) / 100,
        fixTimeMs: timeMs - (fixes.ageDs[at] as number) * 100,
      });
    }
  }

  private takeLines({ lines }: LiveFrame): void {
    if (lines === null) return;
    this.lines = new Map();
    for (let at = 0; at < lines.count; at++) {
      const pair = [this.nameOf(lines.a[at]), this.nameOf(lines.b[at])].sort().join("-");
      this.lines.set(pair, {
        minutes: lines.minutes[at] as number,
        gapDm: lines.gapDm[at] as number,
        reachDm: lines.reachDm[at] as number,
      });
    }
  }

  private nameOf(index: number | undefined): string {
    const name = this.names[index as number];
    if (name === undefined) throw new Error(`device ${index} was not named`);
    return name;
  }
}
