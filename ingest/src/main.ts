import { runUntilSignal } from "@encounter/core/service/lifecycle";
import { createLog } from "@encounter/core/service/log";
import { checkPseudonyms } from "@encounter/core/service/pseudonym-check";
import { Pseudonyms } from "@encounter/core/service/pseudonyms";
import { checkStore, connectRedis, untilReady } from "@encounter/core/service/redis";
import { readConfig } from "./config.ts";
import { openDoor } from "./door.ts";

const REDIS_TIMEOUT_MS = 5_000;

await runUntilSignal("ingest", async () => {
  const config = readConfig(process.env);
  const log = createLog("ingest", config.logLevel);
  const redis = connectRedis(config.redisUrls, "producer", log);
  await untilReady(redis, config.redisUrls, REDIS_TIMEOUT_MS);
  await checkStore(redis, config);
  await checkPseudonyms(redis, new Pseudonyms(config.machineKey));
  const door = await openDoor({ config, redis, log, now: Date.now });
  log.info({ url: door.url }, "ready");
  return door;
});
