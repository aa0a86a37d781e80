import { minuteOf } from "@encounter/core/domain/minute";
import { crowdMinute, seededRandom } from "../crowd.ts";
import { BareSocket } from "./bare-socket.ts";
import { clientFrame, fixText } from "./client-frame.ts";

/** What to send where. */
export interface LoadOrder {
  readonly url: string;
  readonly token: string;
  readonly venueId: string;
  readonly frames: number;
  readonly fixesPerFrame: number;
  readonly sockets: number;
  /** Unanswered frames a socket has at most. */
  readonly window: number;
  /** Frames a second of all sockets together, or null for as many as are answered. */
  readonly framesPerSecond: number | null;
  /** The latest minute that fixes are of. */
  readonly newestMinute: number;
  readonly seed: number;
}

/** What came of it. */
export interface LoadResult {
  readonly elapsedMs: number;
  readonly accepted: number;
  readonly fixes: number;
  /** From sending a frame (or from when it was due, at a given rate) to its answer, ms. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU that the sender itself took, ms. */
  readonly senderCpuMs: number;
  /** How many minutes its fixes are spread over. */
  readonly minutes: number;
}

const DEVICES = 20_000;

/** One socket's frames, laid end to end, and how far it is with them. */
interface Lane {
  readonly socket: BareSocket;
  readonly bytes: Buffer;
  /** Where each frame starts, and where the last one ends. */
  readonly starts: Float64Array;
  readonly sentMs: Float64Array;
  sent: number;
  answered: number;
}

/** Every frame's fixes: device after device, minute after minute, so that no device is twice in a minute. */
function* frameTexts({ frames, fixesPerFrame, newestMinute, venueId, seed }: LoadOrder): Generator<string> {
  let minute = newestMinute;
  let fixes = minuteOfCrowd(minute, seed);
  let at = 0;
  for (let frame = 0; frame < frames; frame++) {
    const texts: string[] = [];
    for (let i = 0; i < fixesPerFrame; i++) {
      if (at === fixes.length) {
        fixes = minuteOfCrowd(--minute, seed);
        at = 0;
      }
      texts.push(fixText(fixes[at++] as (typeof fixes)[number], venueId));
    }
    yield fixesPerFrame === 1 ? (texts[0] as string) : `[${texts.join(",")}]`;
  }
}

function minuteOfCrowd(minute: number, seed: number) {
  return crowdMinute({ devices: DEVICES, perSquareMetre: 0.1, accuracyM: [1, 4], seed }, minute);
}

/** Sends an order's frames and waits for all answers. */
export async function sendLoad(order: LoadOrder): Promise<LoadResult> {
  const lanes = await openLanes(order);
  const latenciesMs = new Float64Array(order.frames);
  const count = new AnswerCounter(order.fixesPerFrame);
  let answered = 0;
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  await new Promise<void>((resolve, reject) => {
    for (const lane of lanes) {
      lane.socket.onEnd = (closeCode) => {
        reject(new Error(`a socket was closed with ${closeCode} after ${answered} of ${order.frames} answers`));
      };
      lane.socket.onAnswer = (buffer, start, end) => {
        latenciesMs[answered++] = performance.now() - (lane.sentMs[lane.answered++] as number);
        count.add(buffer, start, end);
      };
      lane.socket.onTurn = () => {
        if (order.framesPerSecond === null) fillWindow(lane, order.window, performance.now());
        if (answered === order.frames) resolve();
      };
    }
    if (order.framesPerSecond === null) for (const lane of lanes) fillWindow(lane, order.window, startedMs);
    else sendAtRate(lanes, order.frames, order.framesPerSecond, startedMs);
  });
  const elapsedMs = performance.now() - startedMs;
  const cpu = process.cpuUsage(cpuBefore);
  for (const lane of lanes) lane.socket.close();
  latenciesMs.sort();
  return {
    elapsedMs,
    accepted: count.accepted,
    fixes: order.frames * order.fixesPerFrame,
    p50Ms: latenciesMs[Math.floor(order.frames * 0.5)] as number,
    p99Ms: latenciesMs[Math.floor(order.frames * 0.99)] as number,
    senderCpuMs: (cpu.user + cpu.system) / 1_000,
    minutes: Math.ceil((order.frames * order.fixesPerFrame) / DEVICES),
  };
}

async function openLanes(order: LoadOrder): Promise<Lane[]> {
  const random = seededRandom(order.seed);
  const dealt: Buffer[][] = Array.from({ length: order.sockets }, () => []);
  let next = 0;
  for (const text of frameTexts(order)) {
    dealt[next++ % order.sockets]?.push(clientFrame(text, Math.floor(random() * 2 ** 32)));
  }
  return Promise.all(
    dealt.map(async (frames) => {
      const starts = new Float64Array(frames.length + 1);
      frames.forEach((frame, i) => {
        starts[i + 1] = (starts[i] as number) + frame.length;
      });
      const socket = await BareSocket.open(order.url, order.token);
      const sentMs = new Float64Array(frames.length);
      return { socket, bytes: Buffer.concat(frames), starts, sentMs, sent: 0, answered: 0 };
    }),
  );
}

/** Sends as many frames as the window leaves room for, in one write. */
function fillWindow(lane: Lane, window: number, nowMs: number): void {
  sendNext(lane, Math.min(lane.sentMs.length - lane.sent, lane.answered + window - lane.sent), nowMs);
}

function sendNext(lane: Lane, frames: number, nowMs: number): void {
  if (frames <= 0) return;
  lane.sentMs.fill(nowMs, lane.sent, lane.sent + frames);
  const from = lane.starts[lane.sent] as number;
  lane.sent += frames;
  lane.socket.send(lane.bytes.subarray(from, lane.starts[lane.sent] as number));
}

/** Sends each frame when it is due, whether or not others are answered; lateness of the sender counts as latency. */
function sendAtRate(lanes: readonly Lane[], frames: number, framesPerSecond: number, startedMs: number): void {
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.min(frames, Math.floor(((performance.now() - startedMs) / 1_000) * framesPerSecond));
    for (; sent < due; sent++) {
      sendNext(lanes[sent % lanes.length] as Lane, 1, startedMs + (sent / framesPerSecond) * 1_000);
    }
    if (sent === frames) clearInterval(timer);
  }, 1);
}

/** Adds up what answers say was accepted. Nearly all read the same, so those are compared and not parsed. */
class AnswerCounter {
  accepted = 0;
  private readonly fixesPerFrame: number;
  private usual: Buffer | null = null;

  constructor(fixesPerFrame: number) {
    this.fixesPerFrame = fixesPerFrame;
  }

  add(buffer: Buffer, start: number, end: number): void {
    if (this.usual !== null && this.usual.compare(buffer, start, end) === 0) {
      this.accepted += this.fixesPerFrame;
      return;
    }
    const { counts } = JSON.parse(buffer.toString("utf8", start, end)) as { counts?: { accepted?: number } };
    const accepted = counts?.accepted ?? 0;
    this.accepted += accepted;
    if (accepted === this.fixesPerFrame) this.usual = Buffer.from(buffer.subarray(start, end));
  }
}

/** The minute that loads end with: the one before now, so that nothing is early. */
export function newestMinuteAt(nowMs: number): number {
  return minuteOf(nowMs) - 1;
}
