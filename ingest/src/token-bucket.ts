/** A bucket of tokens: lets through a steady rate and what was saved up of it. */
interface Bucket {
  tokens: number;
  updatedMs: number;
}

/** How many buckets are looked at for forgetting whenever one is made: keeps the map bounded by what is in use. */
const LOOKS_PER_NEW_BUCKET = 4;

/** Token buckets by credential. One that has had time to fill up again is as good as new and is forgotten. */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();
  private readonly burstSeconds: number;

  constructor(burstSeconds: number) {
    this.burstSeconds = burstSeconds;
  }

  /** Takes `count` tokens of a credential's bucket, if there are as many. */
  take(credentialId: string, perSecond: number, count: number, nowMs: number): boolean {
    const capacity = perSecond * this.burstSeconds;
    let bucket = this.buckets.get(credentialId);
    if (bucket === undefined) {
      this.forgetFull(nowMs);
      bucket = { tokens: capacity, updatedMs: nowMs };
      this.buckets.set(credentialId, bucket);
    }
    const earned = (Math.max(0, nowMs - bucket.updatedMs) / 1_000) * perSecond;
    bucket.tokens = Math.min(capacity, bucket.tokens + earned);
    bucket.updatedMs = nowMs;
    if (bucket.tokens < count) return false;
    bucket.tokens -= count;
    return true;
  }

  /** Looks at the buckets longest unlooked-at; those still filling go to the back of the line. */
  private forgetFull(nowMs: number): void {
    let looks = LOOKS_PER_NEW_BUCKET;
    for (const [id, bucket] of this.buckets) {
      if (looks-- === 0) return;
      this.buckets.delete(id);
      if (nowMs - bucket.updatedMs < this.burstSeconds * 1_000) this.buckets.set(id, bucket);
    }
  }
}
