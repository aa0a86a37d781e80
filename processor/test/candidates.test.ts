import type { Fix } from "@encounter/core/domain/fix";
import { distanceM, metresPerDegreeEast, metresPerDegreeNorth } from "@encounter/core/domain/geodesy";
import { minuteOf } from "@encounter/core/domain/minute";
import { createLog } from "@encounter/core/service/log";
import { connectRedis, type RedisClient, untilReady } from "@encounter/core/service/redis";
import { VenueEditor } from "@encounter/core/service/venue-store";
import { geoScore, isInTile } from "@encounter/core/storage/geo-index";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { feed } from "../../core/test/feed.ts";
import { startRedisServer, type TestRedis } from "../../core/test/redis-server.ts";
import { readCandidates, readTiles } from "../src/candidates.ts";

const NOW_MS = Math.floor(Date.now() / 60_000) * 60_000;
const HALO_M = 33;
let server: TestRedis;
let redis: RedisClient;

beforeAll(async () => {
  server = await startRedisServer();
  const log = createLog("test", "silent");
  redis = connectRedis([server.url], "worker", log);
  await untilReady(redis, [server.url], 5_000);
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

/** A grid of devices `stepM` apart about a place, reaching over whatever meridian or cell edge is there. */
function gridAt(longitude: number, latitude: number, stepM: number, side: number): Fix[] {
  return Array.from({ length: side * side }, (_, i) => {
    const east = ((i % side) - side / 2) * stepM;
    const north = (Math.floor(i / side) - side / 2) * stepM;
    const turned = longitude + east / metresPerDegreeEast(latitude);
    return {
      deviceId: `d${i}`,
      fixTimeMs: NOW_MS,
      longitude: turned > 180 ? turned - 360 : turned < -180 ? turned + 360 : turned,
      latitude: Math.max(-85.05112878, Math.min(85.05112878, latitude + north / metresPerDegreeNorth(latitude))),
      floor: 0,
      accuracyM: 1,
    };
  });
}

/** The last is wider than a tile may be, so that it takes several, with halos that overlap. */
const GRIDS: [name: string, longitude: number, latitude: number, stepM: number][] = [
  ["a mid latitude, dense", 9.0025, 47.3, 5],
  ["0°, 0°", 0, 0, 20],
  ["the antimeridian", 180, 12, 20],
  ["the antimeridian from the west", -180, -33, 20],
  ["84.9° on the antimeridian", 180, 84.9, 20],
  ["the latitude limit", 77, 85.05112878, 10],
  ["the southern limit", 77, -85.05112878, 10],
  ["40 km wide", 9, 47, 1_300],
];

describe("GEOSEARCH proposes every fix of a tile and all within its halo", () => {
  for (const [name, longitude, latitude, stepM] of GRIDS) {
    test(`at ${name}`, async () => {
      const saved = await new VenueEditor(redis).save(name, { cap: 25, max_accuracy: 4 });
      if (!("record" in saved)) throw new Error(saved.outcome);
      const fixes = gridAt(longitude, latitude, stepM, 30);
      await feed(redis, saved.record, fixes);
      const minute = minuteOf(NOW_MS);
      const numbers = await redis.hgetall(saved.record.keys.devices);
      const tiles = await readTiles(redis, saved.record, minute);
      const owned: number[] = [];
      const missed: string[] = [];
      for (const tile of tiles) {
        const found = await readCandidates(redis, saved.record, minute, tile, HALO_M, fixes.length);
        const names = new Set(found.deviceNumber);
        for (let i = 0; i < found.count; i++) {
          const own = {
            deviceNumber: found.deviceNumber[i],
            longitude: found.longitude[i] as number,
            latitude: found.latitude[i] as number,
          };
          if (!isInTile(tile, own.longitude, own.latitude)) continue;
          owned.push(found.ordinal[i] as number);
          fixes.forEach((fix) => {
            if (distanceM(own.longitude, own.latitude, fix.longitude, fix.latitude) > HALO_M) return;
            if (!names.has(Number(numbers[fix.deviceId]))) missed.push(`${fix.deviceId} near ${own.deviceNumber}`);
          });
        }
      }
      expect(missed).toEqual([]);
      expect(owned.sort((a, b) => a - b)).toEqual(fixes.map((_, i) => i));
    });
  }
});

test("the score is GEOADD's own, but at the two edges", async () => {
  for (let i = 0; i < 2_000; i++) {
    const longitude = ((i * 137.50776405) % 360) - 180;
    const latitude = ((i * 61.80339887) % 170) - 85;
    await redis.call("GEOADD", "scores", longitude, latitude, `p${i}`);
    expect(await redis.zscore("scores", `p${i}`)).toBe(String(geoScore(longitude, latitude)));
  }
  expect(geoScore(180, 10)).toBe(geoScore(-180, 10));
});
