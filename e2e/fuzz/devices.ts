import { isDeepStrictEqual } from "node:util";
import { createLog } from "@encounter/core/service/log";
import { connectRedis } from "@encounter/core/service/redis";
import { loadVenue } from "@encounter/core/service/venue-store";
import fc from "fast-check";
import { expect } from "vitest";
import { RawConnection, upgradeRequest } from "../../core/test/raw-connection.ts";
import { DeviceClient } from "../../ingest/test/device-client.ts";
import type { System } from "../system.ts";
import { socketBytes } from "./byte-salad.ts";
import { ContractOracle, type Expected, type Sender } from "./contract-oracle.ts";
import { atTime, frameText } from "./frame-salad.ts";
import type { FuzzRun } from "./fuzz-run.ts";

const FRAMES_PER_RUN = 25;
const RETENTION_DAYS = 1;
const DEVICES = ["a", "b", "device \u{1f600}", "x".repeat(128)];

/** Generated frames by socket and by POST against the devices' door, each judged by the contract's words. */
export class DevicesFuzz {
  readonly oracle = new ContractOracle({ maxAccuracyM: 4, retentionDays: RETENTION_DAYS });
  private readonly system: System;
  private readonly venueId: string;
  private readonly key: string;

  private constructor(system: System, venueId: string, key: string) {
    this.system = system;
    this.venueId = venueId;
    this.key = key;
  }

  static async open(system: System, venueId: string): Promise<DevicesFuzz> {
    const key = await system.newVenue(venueId, { retention_days: RETENTION_DAYS });
    return new DevicesFuzz(system, venueId, key);
  }

  private get gateway(): Sender {
    return { venueId: this.venueId, deviceId: null };
  }

  private get texts(): fc.Arbitrary<string[]> {
    const frame = frameText([this.venueId, this.venueId, this.venueId, "elsewhere"], DEVICES);
    return fc.array(frame, { minLength: 1, maxLength: FRAMES_PER_RUN });
  }

  /** Frames by socket, all sent before the first is answered; by a gateway and by a device in turn. */
  async bySocket(run: FuzzRun, frames: number): Promise<void> {
    const path = `/v1/venues/${encodeURIComponent(this.venueId)}/devices/a/token`;
    const { token } = await this.system.json<{ token: string }>(path, { method: "POST" });
    const senders = [
      { sender: this.gateway, client: await new DeviceClient(this.system.ingestUrl, this.key).opened() },
      {
        sender: { venueId: this.venueId, deviceId: "a" },
        client: await new DeviceClient(this.system.ingestUrl, token).opened(),
      },
    ];
    const chosen = fc.constantFrom(0, 0, 0, 1);
    await run.check("frames", frames, fc.tuple(chosen, this.texts), async ([who, texts]) => {
      const { sender, client } = senders[who] as (typeof senders)[number];
      const sent = texts.map((text) => {
        const nowMs = Date.now();
        const frame = atTime(text, nowMs);
        client.send(frame);
        return this.oracle.read(frame, sender, nowMs);
      });
      // All of them before any is judged: what is left would be taken for the answers of the next.
      const replies: Reply[] = [];
      for (const _ of sent) replies.push(await replyOf(client));
      for (const [i, expected] of sent.entries()) expectReply(replies[i] as Reply, expected, texts[i] as string);
      return texts.length;
    });
    for (const { client } of senders) client.socket.terminate();
  }

  /** The same, each as a body. */
  async byPost(run: FuzzRun, frames: number): Promise<void> {
    await run.check("bodies", frames, this.texts, async (texts) => {
      for (const text of texts) {
        const nowMs = Date.now();
        const body = atTime(text, nowMs);
        const expected = this.oracle.read(body, this.gateway, nowMs);
        const answer = await fetch(`${this.system.ingestUrl}/v1/positions`, {
          method: "POST",
          headers: { authorization: `Bearer ${this.key}` },
          body,
        });
        expect(answer.status, text).toBe(expected.badFrame ? 400 : 200);
        expectReply((await answer.json()) as Reply, expected, text);
      }
      return texts.length;
    });
  }

  /** Bytes that are no frames of the protocol, on sockets that opened in good order: nothing of them is stored. */
  async byBytes(run: FuzzRun, frames: number): Promise<void> {
    const stored = this.oracle.acceptedCount;
    await run.check("bytes on a socket", frames, socketBytes, async (salad) => {
      const raw = await RawConnection.open(this.system.ingestUrl);
      raw.send(upgradeRequest("/v1/positions", { Authorization: `Bearer ${this.key}` }));
      await raw.until(/\r\n\r\n/);
      raw.send(salad);
      raw.socket.end();
      await raw.ended;
      expect(raw.said).not.toContain('"accepted"');
      return 1;
    });
    expect(await this.storedCount()).toBe(stored);
  }

  /** Fixes that the venue holds, by the store's own count. */
  storedCount(): Promise<number> {
    return storedFixes(this.system, this.venueId);
  }
}

/** How many fixes a venue's minutes hold. */
export async function storedFixes(system: System, venueId: string): Promise<number> {
  const redis = connectRedis([system.redis.url], "worker", createLog("test", "silent"));
  const record = await loadVenue(redis, venueId);
  const minutes = record === null ? [] : await redis.zrange(record.keys.minutes, "0", "-1");
  const counts = await Promise.all(minutes.map((minute) => redis.hlen(record?.keys.fixes(Number(minute)) ?? "")));
  redis.disconnect();
  return counts.reduce((sum, count) => sum + count, 0);
}

type Reply = Record<string, unknown>;

async function replyOf(client: DeviceClient): Promise<Reply> {
  const closed = client.closed.then(({ code, reason }): Reply => ({ closed: code, reason }));
  return Promise.race([client.reply(), closed]);
}

function expectReply(reply: Reply, expected: Expected, text: string): void {
  const wanted = expected.badFrame ? { error: { code: "bad_frame" } } : replyTo(expected);
  const told = withoutWords(reply);
  // Comparing in order to explain takes long: it is done where there is something to explain.
  if (!isDeepStrictEqual(told, wanted)) expect(told, text).toEqual(wanted);
}

/** A reply without what is free to be any text. */
function withoutWords({ epoch, error, errors, ...rest }: Reply): Reply {
  const strip = ({ message, reason, ...kept }: Reply) =>
    isText(message ?? reason) ? kept : { ...kept, words: "none" };
  return {
    ...rest,
    ...(error === undefined ? {} : { error: strip(error as Reply) }),
    ...(errors === undefined ? {} : { errors: (errors as Reply[]).map(strip) }),
    ...(error === undefined && !isText(epoch) ? { epoch: "none" } : {}),
  };
}

const isText = (value: unknown) => typeof value === "string" && value !== "";

function replyTo({ outcomes, batch }: Exclude<Expected, { badFrame: true }>): Reply {
  const counts: Record<string, number> = {};
  const repeated: number[] = [];
  const errors: Reply[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    if (outcome === "repeated") repeated.push(index);
    else if (outcome !== "accepted" && errors.length < 100) errors.push({ index, outcome });
  }
  return { batch, counts, ...(repeated.length > 0 ? { repeated } : {}), ...(errors.length > 0 ? { errors } : {}) };
}
