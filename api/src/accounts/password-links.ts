import type { RedisClient } from "@encounter/core/service/redis";
import { passwordLinkKey } from "@encounter/core/storage/keys";
import { hashOf, newSecret } from "../access/secret.ts";
import type { StoredAccount } from "./account-store.ts";

const LIFETIME_MS = 24 * 3_600_000;

interface LinkOwner {
  readonly name: string;
  readonly generation: string;
}

/** Links with which somebody sets a password for an account, once: nobody else ever knows it. */
export class PasswordLinks {
  private readonly redis: RedisClient;
  private readonly now: () => number;

  constructor(redis: RedisClient, now: () => number) {
    this.redis = redis;
    this.now = now;
  }

  /** The path of a new link. What it holds is in the fragment, which browsers send nowhere. */
  async create({ name, generation }: StoredAccount): Promise<{ path: string; expiresAtMs: number }> {
    const code = newSecret();
    const owner: LinkOwner = { name, generation };
    await this.redis.set(passwordLinkKey(hashOf(code)), JSON.stringify(owner), "PX", LIFETIME_MS);
    return { path: `/#set-password=${code}`, expiresAtMs: this.now() + LIFETIME_MS };
  }

  /** Whose link it is; null where it is none, or was used. */
  async ownerOf(code: string): Promise<LinkOwner | null> {
    const text = await this.redis.get(passwordLinkKey(hashOf(code)));
    return text === null ? null : (JSON.parse(text) as LinkOwner);
  }

  /** Uses a link up; false where another was faster. */
  async use(code: string): Promise<boolean> {
    return (await this.redis.del(passwordLinkKey(hashOf(code)))) === 1;
  }
}
