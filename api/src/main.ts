import { runUntilSignal } from "@encounter/core/service/lifecycle";
import { createLog } from "@encounter/core/service/log";
import { checkPseudonyms } from "@encounter/core/service/pseudonym-check";
import { Pseudonyms } from "@encounter/core/service/pseudonyms";
import { checkStore, connectRedis, untilReady } from "@encounter/core/service/redis";
import { Aliases } from "./access/aliases.ts";
import { MachineKey } from "./access/machine-key.ts";
import { createApi } from "./api.ts";
import { readConfig } from "./config.ts";
import { createLive } from "./live/index.ts";

const REDIS_TIMEOUT_MS = 5_000;

await runUntilSignal("api", async () => {
  const config = readConfig(process.env);
  const log = createLog("api", config.logLevel);
  const redis = connectRedis(config.redisUrls, "producer", log);
  await untilReady(redis, config.redisUrls, REDIS_TIMEOUT_MS);
  await checkStore(redis, config);
  await checkPseudonyms(redis, new Pseudonyms(config.pseudonymKey));
  const aliases = new Aliases(new MachineKey(config.machineKey));
  const live = createLive({ redis, log, aliases, limits: { viewersMax: config.limits.viewersMax } });
  const api = await createApi({ config, redis, log, live, now: Date.now });
  log.info({ url: api.url }, "ready");
  return {
    stop: async () => {
      await api.stop();
      redis.disconnect();
    },
  };
});
