import { type Door, openDoor } from "./ingest/door.ts";
import { type LoadOrder, newestMinuteAt } from "./ingest/load.ts";
import { pipelinedXadd } from "./ingest/redis-benchmark.ts";
import { Sender, startBareServer } from "./ingest/role.ts";
import { readUsage } from "./redis-usage.ts";
import { atLeast, heading, short, table } from "./report.ts";
import { inTurn, medianOf, type Sample, type Samples } from "./rounds.ts";
import { startWorld, type World } from "./world.ts";

const ROUNDS = 3;
const PIPELINE = 50;
/** Moderate load, frames of 1. */
const FRAMES_PER_SECOND = 2_000;

/** How much is sent in a run, and over how many sockets with how many unanswered frames each. */
const SHAPES = {
  one: { fixesPerFrame: 1, frames: 80_000, sockets: 64, window: 16 },
  /** Devices that wait for each answer: a socket never has two frames to gather. */
  waiting: { fixesPerFrame: 1, frames: 40_000, sockets: 512, window: 1 },
  ten: { fixesPerFrame: 10, frames: 20_000, sockets: 64, window: 4 },
  hundred: { fixesPerFrame: 100, frames: 4_000, sockets: 32, window: 2 },
} as const;
type ShapeName = keyof typeof SHAPES;

/** WebSocket to acknowledged, stored durably, against bare servers. */
export async function benchIngest(seed: number): Promise<void> {
  heading("ingest: WebSocket to acknowledged, appendfsync always", [
    `real ingest and redis-server, one venue of 20,000 devices at 0.1/m², every fix accepted; seed ${seed}`,
    `medians of ${ROUNDS} rounds taken in turn after one that warms up; load generator in its own process, prepared frames;`,
    "bare server: ws, JSON.parse, an answer of as many bytes; XADD: redis-benchmark of this Redis, 100-byte entries,",
    `-P ${PIPELINE}; sockets that wait: each for an answer before its next frame; at rest: frames of 1 at ${short(FRAMES_PER_SECOND)} a second, latency from when each was due`,
  ]);
  const world = await startWorld();
  const door = await openDoor(world);
  const bare = await startBareServer();
  const sender = new Sender();
  const load = new Load(world, door, bare.url, sender, seed);
  try {
    const taken = await inTurn(ROUNDS, {
      xadd: async () => ({ perSecond: await pipelinedXadd(world, PIPELINE) }),
      bareOne: () => load.bare("one"),
      one: () => load.saturated("one"),
      bareWaiting: () => load.bare("waiting"),
      waiting: () => load.saturated("waiting"),
      ten: () => load.saturated("ten"),
      hundred: () => load.saturated("hundred"),
      moderate: () => load.moderate(),
    });
    report(taken);
  } finally {
    sender.end();
    bare.end();
    await door.end();
    await world.end();
  }
}

/** Sends one load after another, each with fixes of minutes that none had before. */
class Load {
  private readonly world: World;
  private readonly door: Door;
  private readonly bareUrl: string;
  private readonly sender: Sender;
  private readonly seed: number;
  private newestMinute = newestMinuteAt(Date.now());

  constructor(world: World, door: Door, bareUrl: string, sender: Sender, seed: number) {
    this.world = world;
    this.door = door;
    this.bareUrl = bareUrl;
    this.sender = sender;
    this.seed = seed;
  }

  async bare(shape: ShapeName): Promise<Sample> {
    const order = this.order(shape);
    const { elapsedMs, fixes, p50Ms, p99Ms } = await this.sender.send({ ...order, url: this.bareUrl });
    return { perSecond: (fixes / elapsedMs) * 1_000, p50Ms, p99Ms };
  }

  saturated(shape: ShapeName): Promise<Sample> {
    return this.send(this.order(shape));
  }

  moderate(): Promise<Sample> {
    return this.send({ ...this.order("one"), frames: FRAMES_PER_SECOND * 2, framesPerSecond: FRAMES_PER_SECOND });
  }

  private order(shape: ShapeName): LoadOrder {
    const { url, token, venueId } = this.door;
    const { newestMinute, seed } = this;
    return { url, token, venueId, ...SHAPES[shape], framesPerSecond: null, newestMinute, seed };
  }

  private async send(order: LoadOrder): Promise<Sample> {
    const doorBefore = await this.door.cpuMs();
    const redisBefore = await readUsage(this.world.redis);
    const result = await this.sender.send(order);
    const redisAfter = await readUsage(this.world.redis);
    const doorAfter = await this.door.cpuMs();
    this.newestMinute -= result.minutes;
    if (result.accepted !== result.fixes) throw new Error(`${result.accepted} of ${result.fixes} fixes were accepted`);
    return {
      perSecond: (result.fixes / result.elapsedMs) * 1_000,
      p50Ms: result.p50Ms,
      p99Ms: result.p99Ms,
      doorUs: ((doorAfter - doorBefore) * 1_000) / result.fixes,
      redisUs: (redisAfter.cpuUs - redisBefore.cpuUs) / result.fixes,
      senderUs: (result.senderCpuMs * 1_000) / result.fixes,
    };
  }
}

type Taken = Readonly<Record<"xadd" | "bareOne" | "bareWaiting" | "moderate" | ShapeName, Samples>>;

function report(taken: Taken): void {
  const perSecond = (name: keyof Taken) => medianOf(taken[name], "perSecond");
  const times = (name: keyof Taken) => [short(medianOf(taken[name], "p50Ms")), short(medianOf(taken[name], "p99Ms"))];
  const cpu = (name: keyof Taken) =>
    ["doorUs", "redisUs", "senderUs"].map((part) => short(medianOf(taken[name], part)));
  const against = (name: keyof Taken, other: "bareOne" | "bareWaiting" | "xadd", target: number) => {
    const ratio = perSecond(name) / perSecond(other);
    return `${short(ratio)} of ${other === "xadd" ? "XADD" : "bare server"} (${atLeast(ratio, target)})`;
  };
  const bare = (title: string, name: keyof Taken) => [title, short(perSecond(name)), "", ...times(name), "", "", ""];
  const row = (title: string, name: keyof Taken, ratio: string) => [
    title,
    short(perSecond(name)),
    ratio,
    ...times(name),
    ...cpu(name),
  ];
  const { sockets } = SHAPES.waiting;
  table(
    ["", "fixes/s", "ratio", "p50 ms", "p99 ms", "ingest µs/fix", "Redis µs/fix", "sender µs/fix"],
    [
      ["redis-benchmark XADD", short(perSecond("xadd")), "", "", "", "", "", ""],
      bare("bare server, frames of 1", "bareOne"),
      row("frames of 1", "one", against("one", "bareOne", 0.5)),
      bare(`bare server, frames of 1, ${sockets} sockets that wait`, "bareWaiting"),
      row(`frames of 1, ${sockets} sockets that wait`, "waiting", against("waiting", "bareWaiting", 0.5)),
      row("frames of 10", "ten", against("ten", "xadd", 0.2)),
      row("frames of 100", "hundred", against("hundred", "xadd", 0.25)),
      row("frames of 1, at rest", "moderate", ""),
    ],
  );
}
