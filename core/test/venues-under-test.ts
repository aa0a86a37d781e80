import { Redis } from "ioredis";
import { VenueEditor, type VenueRecord } from "../src/service/venue-store.ts";
import type { VenueChange } from "../src/wire/venue.ts";
import { startRedisServer, type TestRedis } from "./redis-server.ts";

/** A Redis of a test's own, and the venues on it. */
export interface VenuesUnderTest {
  readonly server: TestRedis;
  /** To set things up and to look at what is stored; it says nothing where the server is away. */
  readonly redis: Redis;
  readonly venues: VenueEditor;
  /** Creates a venue. @throws where it cannot be created */
  newVenue(venueId: string, change?: VenueChange): Promise<VenueRecord>;
  stop(): Promise<void>;
}

/** Starts a Redis without any venue. Stop it in `afterAll`. */
export async function startVenues(): Promise<VenuesUnderTest> {
  const server = await startRedisServer();
  const redis = new Redis(server.url);
  redis.on("error", () => {});
  const venues = new VenueEditor(redis);
  return {
    server,
    redis,
    venues,
    async newVenue(venueId, change = {}) {
      const saved = await venues.save(venueId, change);
      if (!("record" in saved)) throw new Error(`venue not created: ${saved.outcome}`);
      return saved.record;
    },
    async stop() {
      redis.disconnect();
      await server.stop();
    },
  };
}
