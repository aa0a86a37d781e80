import { setTimeout as pause } from "node:timers/promises";
import { loadVenue, type VenueRecord } from "@encounter/core/service/venue-store";
import type { Contact } from "@encounter/core/wire/contacts";
import type { ErasureReceipt } from "@encounter/core/wire/erasure";
import type { WireFix } from "@encounter/core/wire/fix";
import { type Gone, tracesOf } from "../check/traces.ts";
import { fixAt } from "../load/crowd.ts";
import type { TrapPlace } from "../proxy/fault-proxy.ts";
import type { Scenario, Stage } from "../scenario.ts";
import type { RedisConnection } from "../system/redis-process.ts";
import { blanksPairsOf, erasesFixesOf } from "./commands.ts";

const DEVICE = "person 4711/ä";
const MINUTES = 12;
/** Minutes in which the device has met somebody before it is erased. */
const MINUTES_MET = 6;
const COMPLETE_MS_MAX = 60_000;

/** Asks something of every Redis that holds a part of what is stored. */
export type AskAll = <Answer>(question: (redis: RedisConnection) => Promise<Answer>) => Promise<Answer[]>;

/** Somebody who stood in the middle of the crowd, and is to be erased while the crowd's fixes come. */
export class Erasing {
  private readonly stage: Stage;
  private readonly askAll: AskAll;
  private readonly record: VenueRecord;
  private readonly gone: Gone;

  private constructor(stage: Stage, askAll: AskAll, record: VenueRecord, gone: Gone) {
    this.stage = stage;
    this.askAll = askAll;
    this.record = record;
    this.gone = gone;
  }

  /** Has the device send its fixes among the load's, and waits until it has met somebody in some of its minutes. */
  static async prepare(stage: Stage, startMs: number, askAll: AskAll): Promise<Erasing> {
    const { system, venueId } = stage;
    // Or the id could hide in the files.
    await askAll((redis) => redis.config("SET", "rdbcompression", "no"));
    const gateway = stage.gateway(stage.erased);
    for (let minute = 0; minute < MINUTES; minute++) await gateway.send([fixIn(venueId, startMs, minute)]);
    await until("the device met nobody for long", async () => {
      const contacts = await system.operator.contacts(venueId, startMs, startMs + MINUTES * 60_000, 10);
      return minutesMet(contacts) >= MINUTES_MET;
    });
    const [found] = (await askAll((redis) => readWhole(redis, venueId))).filter((each) => each !== null);
    if (found === undefined) throw new Error("the device is not known");
    return new Erasing(stage, askAll, found.record, { deviceId: DEVICE, number: found.number });
  }

  /** Asks for the erasure, and waits for its receipt; after recovery nothing of the device may be left. */
  async erase(): Promise<void> {
    const { operator } = this.stage.system;
    const venue = `/v1/venues/${encodeURIComponent(this.stage.venueId)}`;
    const askedMs = performance.now();
    const path = `${venue}/devices/${encodeURIComponent(DEVICE)}`;
    const { erasure_id: id } = await operator.ask<ErasureReceipt>(path, { method: "DELETE" });
    await until("the erasure was not complete", async () => {
      return (await operator.ask<ErasureReceipt>(`${venue}/erasures/${id}`)).state === "complete";
    });
    this.stage.note(`erased ${((performance.now() - askedMs) / 1_000).toFixed(1)} s after it was asked for`);
    const receipt = await operator.ask<ErasureReceipt>(`${venue}/erasures/${id}`);
    this.judge(receipt);
    this.stage.afterRecovery(() => this.expectNoTrace());
  }

  private judge({ removed, append_only_files: files }: ErasureReceipt): void {
    const { accepted } = this.stage.erased;
    this.stage.expect(files === "rewritten", `the append-only files were ${files}`);
    this.stage.expect(removed.fixes === accepted, `${removed.fixes} of ${accepted} fixes were removed`);
    this.stage.expect(removed.pair_minutes > 0, "the receipt tells of nobody beside the device");
  }

  private async expectNoTrace(): Promise<void> {
    const traces = (await this.askAll((redis) => tracesOf(redis, this.record, this.gone))).flat();
    this.stage.expect(traces.length === 0, `what is left of the erased device: ${traces.join(", ")}`);
  }
}

/** In the middle of the hall, once a minute. */
function fixIn(venueId: string, startMs: number, minute: number): WireFix {
  const place = { eastM: 15 + (minute % 3), northM: 10, floor: 0 };
  return fixAt(venueId, DEVICE, startMs + minute * 60_000 + 30_000, place, 2);
}

/** The venue and the device's number in it, where this Redis is the one that holds them. */
async function readWhole(
  redis: RedisConnection,
  venueId: string,
): Promise<{ record: VenueRecord; number: number } | null> {
  const record = await loadVenue(redis, venueId).catch(() => null);
  const number = record === null ? null : await redis.hget(record.keys.devices, DEVICE);
  return record === null || number === null ? null : { record, number: Number(number) };
}

/** Minutes in which the device is in contact with somebody. */
function minutesMet(contacts: readonly Contact[]): number {
  const own = contacts.filter(({ device_id, other }) => device_id === DEVICE || other === DEVICE);
  return new Set(own.flatMap(({ start, minutes }) => Array.from({ length: minutes }, (_, n) => start + n * 60_000)))
    .size;
}

/** Waits for something. @throws where it does not come within a minute */
export async function until(otherwise: string, holds: () => Promise<boolean>): Promise<void> {
  const giveUpMs = performance.now() + COMPLETE_MS_MAX;
  while (!(await holds())) {
    if (performance.now() > giveUpMs) throw new Error(`${otherwise} within ${COMPLETE_MS_MAX / 1_000} s`);
    await pause(50);
  }
}

/** Kills the processor when a command of the erasure is on its way to Redis, or has been done there and not answered. */
async function killAt({ system }: Stage, matches: (command: Buffer) => boolean, place: TrapPlace): Promise<void> {
  const trap = system.stores.processor.catchCommand(matches, place);
  await trap.sprung;
  await system.services.processor.end("SIGKILL");
  // What was kept back died with its sender.
  system.stores.processor.cut();
  trap.release();
}

async function killWhileErasing(stage: Stage): Promise<void> {
  const { system, random } = stage;
  const load = await stage.startLoad();
  const askRedis: AskAll = async (question) => [await system.privateRedis.ask(question)];
  const erasing = await Erasing.prepare(stage, load.startMs, askRedis);
  const place = random.next() < 0.5 ? "before" : "after";
  const kills = (async () => {
    await killAt(stage, someCommandOf(stage), place);
    await system.services.processor.start();
  })();
  const erased = erasing.erase();
  const tooSoon = erased.then(() => Promise.reject(new Error("the erasure was complete before it was killed")));
  await Promise.race([kills, tooSoon]);
  await erased;
}

/** Tells the command that takes the device's fixes, or one of those amid the records of whom it met. */
function someCommandOf({ venueId, random }: Stage): (command: Buffer) => boolean {
  if (random.next() < 0.3) return erasesFixesOf(venueId);
  let left = Math.floor(random.between(0, MINUTES_MET));
  return (command) => blanksPairsOf(venueId)(command) && left-- === 0;
}

export const erasureScenarios: readonly Scenario[] = [
  {
    name: "processor-killed-while-erasing",
    about: "kill -9 of the processor as it takes an erased device's fixes, or amid the records of those it met",
    isShort: true,
    run: killWhileErasing,
  },
];
