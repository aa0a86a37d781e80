import { join } from "node:path";
import { urlFor } from "../../core/test/redis-users.ts";
import { quietPort, ROOT } from "../place.ts";
import { FaultProxy } from "../proxy/fault-proxy.ts";
import { KeptProcess, type Program } from "./kept-process.ts";
import { OPERATOR_TOKEN, Operator } from "./operator.ts";
import { RedisProcess } from "./redis-process.ts";

export type ServiceName = "ingest" | "processor" | "api";
const SERVICES = ["ingest", "processor", "api"] as const;

export interface SystemOptions {
  /** Another store than a private Redis, where it is for a service: the services reach it without a proxy. */
  readonly redisUrlsFor?: (service: ServiceName) => string;
  /** Where the private Redis keeps its data. */
  readonly redisDirectory?: string;
  /** Done when the system has stopped. */
  readonly cleanUp?: () => Promise<void> | void;
  /** A module that every service loads first, and what it is told by the environment. */
  readonly preload?: { readonly module: string; readonly env: Record<string, string> };
}

/**
 * The real services as processes, a private Redis, and a proxy on each way between: devices to ingest, viewers to api,
 * and each service to Redis.
 */
export class FaultSystem {
  readonly redis: RedisProcess | null;
  readonly services: Readonly<Record<ServiceName, KeptProcess>>;
  /** Between each service and Redis. */
  readonly stores: Readonly<Record<ServiceName, FaultProxy>>;
  /** Between devices and ingest. */
  readonly door: FaultProxy;
  /** Between viewers and api. */
  readonly desk: FaultProxy;
  readonly operator: Operator;
  private readonly extra: KeptProcess[] = [];
  private readonly extraProxies: FaultProxy[] = [];
  private readonly ports: { readonly ingest: number; readonly api: number };
  private readonly options: SystemOptions;

  private constructor(
    options: SystemOptions,
    redis: RedisProcess | null,
    ports: { ingest: number; api: number },
    proxies: readonly FaultProxy[],
  ) {
    this.options = options;
    this.redis = redis;
    this.ports = ports;
    [this.door, this.desk] = proxies as [FaultProxy, FaultProxy];
    const [, , ingest, processor, api] = proxies as [FaultProxy, FaultProxy, FaultProxy, FaultProxy, FaultProxy];
    this.stores = { ingest, processor, api };
    this.services = {
      ingest: new KeptProcess(this.program("ingest")),
      processor: new KeptProcess(this.program("processor")),
      api: new KeptProcess(this.program("api")),
    };
    this.operator = new Operator(() => `http://127.0.0.1:${ports.api}`);
  }

  static async start(options: SystemOptions = {}): Promise<FaultSystem> {
    const redis = options.redisUrlsFor === undefined ? await RedisProcess.create(options.redisDirectory) : null;
    const ports = { ingest: await quietPort(), api: await quietPort() };
    const redisPort = () => redis?.port ?? 0;
    const proxies = await Promise.all([
      FaultProxy.open(() => ports.ingest),
      FaultProxy.open(() => ports.api),
      ...SERVICES.map(() => FaultProxy.open(redisPort, "redis")),
    ]);
    const system = new FaultSystem(options, redis, ports, proxies);
    try {
      await redis?.start();
      await Promise.all(SERVICES.map((name) => system.services[name].start()));
      return system;
    } catch (error) {
      await system.stop();
      throw error;
    }
  }

  /** The private Redis. @throws where the services use another store */
  get privateRedis(): RedisProcess {
    if (this.redis === null) throw new Error("this system has no Redis of its own");
    return this.redis;
  }

  /** Where devices connect. */
  get positionsUrl(): string {
    return `ws://127.0.0.1:${this.door.port}/v1/positions`;
  }

  /** The operators' door, past the proxy. */
  get apiUrl(): string {
    return `http://127.0.0.1:${this.ports.api}`;
  }

  /** Starts one more processor, which reaches Redis by a way of its own. */
  async addProcessor(): Promise<KeptProcess> {
    const store = await FaultProxy.open(() => this.privateRedis.port);
    this.extraProxies.push(store);
    const { env, ...program } = this.program("processor");
    const processor = new KeptProcess({
      ...program,
      name: "second processor",
      env: { ...env, REDIS_URL: urlFor("processor", `redis://127.0.0.1:${store.port}`) },
    });
    this.extra.push(processor);
    await processor.start();
    return processor;
  }

  /** A value of a service's metrics. */
  async metric(service: "ingest" | "api", name: string): Promise<number> {
    const url = `http://127.0.0.1:${this.ports[service]}/metrics`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${OPERATOR_TOKEN}` } });
    const line = (await response.text()).split("\n").find((each) => each.startsWith(`${name} `));
    if (line === undefined) throw new Error(`${service} has no metric ${name}`);
    return Number(line.split(" ")[1]);
  }

  get processes(): readonly KeptProcess[] {
    return [...Object.values(this.services), ...this.extra, ...(this.redis === null ? [] : [this.redis])];
  }

  /** Processes that ended without having been told to, with how often. */
  unexpectedEnds(): string[] {
    return this.processes
      .filter(({ unexpectedEnds }) => unexpectedEnds > 0)
      .map((each) => `${each.name} ended ${each.unexpectedEnds} times by itself:\n${each.log.slice(-1_500)}`);
  }

  /** Fine weather everywhere. */
  heal(): void {
    for (const proxy of this.proxies) proxy.heal();
  }

  async stop(): Promise<void> {
    await Promise.all([...Object.values(this.services), ...this.extra].map((each) => each.end("SIGKILL")));
    await this.redis?.remove();
    await Promise.all(this.proxies.map((proxy) => proxy.close()));
    await this.options.cleanUp?.();
  }

  private get proxies(): FaultProxy[] {
    return [this.door, this.desk, ...Object.values(this.stores), ...this.extraProxies];
  }

  private program(name: ServiceName): Program {
    const { preload, redisUrlsFor } = this.options;
    const first = preload === undefined ? [] : ["--import", join(ROOT, preload.module)];
    return {
      name,
      command: process.execPath,
      args: [...first, "--enable-source-maps", `${name}/dist/main.js`],
      cwd: ROOT,
      env: {
        OPERATOR_TOKEN,
        HOST: "127.0.0.1",
        LOG_LEVEL: "info",
        REDIS_URL: redisUrlsFor?.(name) ?? urlFor(name, `redis://127.0.0.1:${this.stores[name].port}`),
        INGEST_PORT: String(this.ports.ingest),
        API_PORT: String(this.ports.api),
        ...preload?.env,
      },
      readyLine: '"msg":"ready"',
    };
  }
}
