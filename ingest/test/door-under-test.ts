import { readTrustedProxies } from "@encounter/core/service/client-address";
import { createDeviceToken, createGatewayKey } from "@encounter/core/service/credential-store";
import { createLog } from "@encounter/core/service/log";
import { Pseudonyms } from "@encounter/core/service/pseudonyms";
import { connectRedis, type RedisClient, untilReady } from "@encounter/core/service/redis";
import { readMutualTls } from "@encounter/core/service/tls";
import { VenueEditor, type VenueRecord } from "@encounter/core/service/venue-store";
import type { VenueChange } from "@encounter/core/wire/venue";
import { startRedisServer, type TestRedis } from "../../core/test/redis-server.ts";
import { DEFAULT_LIMITS, type IngestLimits } from "../src/config.ts";
import { type Door, openDoor } from "../src/door.ts";

/** For venues with pseudonyms. */
export const MACHINE_KEY = "a key of a machine that exists in tests";
export const OPERATOR_TOKEN = "operator-token-of-the-test";

/** The devices' door on a Redis of its own. */
export interface DoorUnderTest {
  readonly door: Door;
  readonly url: string;
  readonly server: TestRedis;
  /** A connection beside the door's, to set things up and to look at what is stored. */
  readonly redis: RedisClient;
  newVenue(venueId: string, change?: VenueChange): Promise<{ record: VenueRecord; key: string }>;
  newDeviceToken(record: VenueRecord, deviceId: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startDoor(
  limits: Partial<IngestLimits> = {},
  now = Date.now,
  environment: NodeJS.ProcessEnv = {},
): Promise<DoorUnderTest> {
  const log = createLog("test", "silent");
  const server = await startRedisServer();
  const config = {
    redisUrls: [server.url],
    allowWeakDurability: false,
    logLevel: "silent",
    host: "127.0.0.1",
    port: 0,
    operatorToken: OPERATOR_TOKEN,
    machineKey: MACHINE_KEY,
    limits: { ...DEFAULT_LIMITS, ...limits },
    tls: readMutualTls(environment),
    trustedProxies: readTrustedProxies(environment),
  };
  const doorRedis = connectRedis(config.redisUrls, "producer", log);
  await untilReady(doorRedis, config.redisUrls, 5_000);
  const door = await openDoor({ config, redis: doorRedis, log, now });
  const redis = connectRedis(config.redisUrls, "worker", log);
  return {
    door,
    url: door.url,
    server,
    redis,
    async newVenue(venueId, change = {}) {
      const saved = await new VenueEditor(redis, new Pseudonyms(MACHINE_KEY)).save(venueId, change);
      if (!("record" in saved)) throw new Error(`venue not created: ${saved.outcome}`);
      const created = await createGatewayKey(redis, saved.record, "test");
      return { record: saved.record, key: created?.key as string };
    },
    async newDeviceToken(record, deviceId) {
      return (await createDeviceToken(redis, record, deviceId))?.token as string;
    },
    async stop() {
      await door.stop();
      redis.disconnect();
      await server.stop();
    },
  };
}
