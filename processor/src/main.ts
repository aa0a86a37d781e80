import { runUntilSignal } from "@encounter/core/service/lifecycle";
import { createLog } from "@encounter/core/service/log";
import { checkStore, connectRedis, untilReady } from "@encounter/core/service/redis";
import { readConfig } from "./config.ts";
import { startProcessor } from "./processor.ts";

const REDIS_TIMEOUT_MS = 5_000;

await runUntilSignal("processor", async () => {
  const config = readConfig(process.env);
  const log = createLog("processor", config.logLevel);
  const redis = connectRedis(config.redisUrls, "worker", log);
  await untilReady(redis, config.redisUrls, REDIS_TIMEOUT_MS);
  await checkStore(redis, config);
  const running = await startProcessor({ config, redis, log, now: Date.now });
  log.info(running.telemetryUrl === null ? {} : { url: running.telemetryUrl }, "ready");
  return running;
});
