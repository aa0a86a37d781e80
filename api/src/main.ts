import { runUntilSignal } from "@encounter/core/service/lifecycle";
import { createLog } from "@encounter/core/service/log";
import { checkPseudonyms } from "@encounter/core/service/pseudonym-check";
import { Pseudonyms } from "@encounter/core/service/pseudonyms";
import { checkStore, connectRedis, untilReady } from "@encounter/core/service/redis";
import { createApi } from "./api.ts";
import { readConfig } from "./config.ts";

const REDIS_TIMEOUT_MS = 5_000;

await runUntilSignal("api", async () => {
  const config = readConfig(process.env);
  const log = createLog("api", config.logLevel);
  const redis = connectRedis(config.redisUrls, "producer", log);
  await untilReady(redis, config.redisUrls, REDIS_TIMEOUT_MS);
  await checkStore(redis, config);
  await checkPseudonyms(redis, new Pseudonyms(config.pseudonymKey));
  const api = await createApi({ config, redis, log, now: Date.now });
  log.info({ url: api.url }, "ready");
  return {
    stop: async () => {
      await api.stop();
      redis.disconnect();
    },
  };
});
