import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Role } from "@encounter/core/domain/account";
import type { Fix } from "@encounter/core/domain/fix";
import { createLog, type Logger } from "@encounter/core/service/log";
import { connectRedis, type RedisClient, untilReady } from "@encounter/core/service/redis";
import { loadVenue, type VenueRecord } from "@encounter/core/service/venue-store";
import { feed } from "../../core/test/feed.ts";
import { startRedisServer, type TestRedis } from "../../core/test/redis-server.ts";
import { urlFor } from "../../core/test/redis-users.ts";
import { ContactStore } from "../../processor/src/contact-store.ts";
import { evaluateVenue } from "../../processor/src/proximity-job.ts";
import { type Api, createApi } from "../src/api.ts";
import { type ApiConfig, readConfig } from "../src/config.ts";

export const OPERATOR_TOKEN = "an operator's token of tests";

/** An answer as a client sees it. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came
  readonly json: any;
}

export interface Ask {
  readonly method?: string;
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Without the operator token. */
  readonly guest?: boolean;
}

export interface DoorOptions {
  /** The clock, ms. */
  readonly now?: () => number;
  readonly log?: Logger;
  /** Whether the door is the user of Redis that it is in earnest; {@link OperatorsDoor.redis} is then the owner. */
  readonly withUsers?: boolean;
}

/** The operators' door with a Redis of its own; venues can be fed as devices would and evaluated as processors do. */
export class OperatorsDoor {
  readonly api: Api;
  readonly server: TestRedis;
  readonly redis: RedisClient;
  readonly mapDirectory: string;
  private readonly store: ContactStore;
  private readonly doorRedis: RedisClient;

  private constructor(api: Api, server: TestRedis, redis: RedisClient, doorRedis: RedisClient, mapDirectory: string) {
    this.api = api;
    this.server = server;
    this.redis = redis;
    this.doorRedis = doorRedis;
    this.mapDirectory = mapDirectory;
    this.store = new ContactStore(redis);
  }

  static async open(
    environment: NodeJS.ProcessEnv = {},
    change: Partial<ApiConfig> = {},
    { now = Date.now, log = createLog("test", "silent"), withUsers = false }: DoorOptions = {},
  ): Promise<OperatorsDoor> {
    const server = await startRedisServer({ withUsers });
    const mapDirectory = mkdtempSync(join(tmpdir(), "encounter-map-"));
    const ownUrl = withUsers ? urlFor("api", server.url) : server.url;
    const fixed = { REDIS_URL: ownUrl, OPERATOR_TOKEN, API_PORT: "0", MAP_DIR: mapDirectory };
    const config = { ...readConfig({ ...fixed, ...environment }), ...change };
    const redis = connectRedis([server.url], "worker", log);
    const doorRedis = connectRedis(config.redisUrls, "producer", log);
    await Promise.all([untilReady(redis, [server.url], 10_000), untilReady(doorRedis, config.redisUrls, 10_000)]);
    const api = await createApi({ config, redis: doorRedis, log, now });
    return new OperatorsDoor(api, server, redis, doorRedis, mapDirectory);
  }

  async ask(path: string, { method = "GET", body, headers = {}, guest = false }: Ask = {}): Promise<Answer> {
    const response = await fetch(`${this.api.url}${path}`, {
      method,
      redirect: "manual",
      headers: {
        ...(guest ? {} : { authorization: `Bearer ${OPERATOR_TOKEN}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      get json() {
        return JSON.parse(text);
      },
    };
  }

  /** Makes an account with roles by venue and signs it in, as a person would: with the one-time link. */
  async person(name: string, roles: Record<string, readonly Role[]>): Promise<Person> {
    const made = await this.ask(`/v1/accounts/${name}`, { method: "PUT", body: { roles } });
    if (made.status >= 300) throw new Error(made.text);
    const { url_path: path } = (await this.ask(`/v1/accounts/${name}/link`, { method: "POST" })).json;
    const code = (path as string).replace("/#set-password=", "");
    const password = `${name} has a long password`;
    const set = await this.ask("/v1/password", { method: "POST", guest: true, body: { code, password } });
    if (set.status !== 204) throw new Error(set.text);
    return new Person(this, password, cookieIn(set));
  }

  async createVenue(venueId: string, settings: Record<string, unknown> = {}): Promise<VenueRecord> {
    const { status, text } = await this.ask(`/v1/venues/${encodeURIComponent(venueId)}`, {
      method: "PUT",
      body: settings,
    });
    if (status >= 300) throw new Error(text);
    return (await loadVenue(this.redis, venueId)) as VenueRecord;
  }

  /** Stores fixes; they count for contacts once {@link evaluate} was called. */
  async feed(record: VenueRecord, fixes: readonly Fix[]): Promise<void> {
    await feed(this.redis, record, fixes);
  }

  /** Evaluates all that is pending. */
  async evaluate(record: VenueRecord): Promise<void> {
    const dependencies = { redis: this.redis, store: this.store, log: createLog("test", "silent"), now: Date.now };
    while ((await this.redis.zcard(record.keys.pending)) > 0) await evaluateVenue(dependencies, record.venueId);
  }

  async close(): Promise<void> {
    await this.api.stop();
    this.redis.disconnect();
    this.doorRedis.disconnect();
    await this.server.stop();
    rmSync(this.mapDirectory, { recursive: true, force: true });
  }
}

/** Somebody with an account, at a browser on our own page. */
export class Person {
  readonly password: string;
  readonly cookie: string;
  private readonly door: OperatorsDoor;

  constructor(door: OperatorsDoor, password: string, cookie: string) {
    this.door = door;
    this.password = password;
    this.cookie = cookie;
  }

  ask(path: string, request: Ask = {}): Promise<Answer> {
    const headers = { cookie: this.cookie, origin: new URL(this.door.api.url).origin, ...request.headers };
    return this.door.ask(path, { ...request, guest: true, headers });
  }
}

/** The cookie that an answer sets, as a request sends it. */
export function cookieIn({ headers }: Answer): string {
  return (headers.get("set-cookie") ?? "").split(";")[0] as string;
}
