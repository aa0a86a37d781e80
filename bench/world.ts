import { createLog } from "@encounter/core/service/log";
import { connectRedis, type RedisClient, untilReady } from "@encounter/core/service/redis";
import { VenueEditor, type VenueRecord } from "@encounter/core/service/venue-store";
import type { VenueChange } from "@encounter/core/wire/venue";
import { startRedisServer, type TestRedis } from "../core/test/redis-server.ts";

/** A Redis of the benchmark's own, as durable as the services demand, and a connection to it. */
export interface World {
  readonly server: TestRedis;
  readonly redis: RedisClient;
  end(): Promise<void>;
}

/** Starts a Redis. It does not rewrite its append-only file meanwhile: that would fall on one alternative by chance. */
export async function startWorld(): Promise<World> {
  const server = await startRedisServer();
  const redis = connectRedis([server.url], "worker", createLog("bench", "silent"));
  await untilReady(redis, [server.url], 5_000);
  await redis.config("SET", "auto-aof-rewrite-percentage", "0");
  return {
    server,
    redis,
    async end() {
      redis.disconnect();
      await server.stop();
    },
  };
}

/** Creates a venue. */
export async function createVenue(redis: RedisClient, venueId: string, change: VenueChange): Promise<VenueRecord> {
  const saved = await new VenueEditor(redis).save(venueId, change);
  if (!("record" in saved)) throw new Error(`venue not created: ${saved.outcome}`);
  return saved.record;
}
