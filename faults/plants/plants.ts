/** A fault planted in the product, to see whether the harness finds it. */
export interface Plant {
  readonly about: string;
  readonly service: "ingest" | "processor";
  /** Text of the service's bundle, which must be there once, and what stands there instead. */
  readonly changes: readonly { readonly find: string; readonly replace: string }[];
  /** The scenario that must find it. */
  readonly scenario: string;
  /** What the checker must say of it. */
  readonly finding: RegExp;
}

export const PLANTS: Readonly<Record<string, Plant>> = {
  "acknowledge-before-storing": {
    about: "ingest answers accepted while the script call is still on its way",
    service: "ingest",
    changes: [
      {
        find: "batch.isEmpty ? await this.confirm(record) : await this.callScript(record, batch);",
        replace:
          "batch.isEmpty ? await this.confirm(record) : " +
          '(void this.callScript(record, batch).catch(() => {}), "1".repeat(batch.kept.count));',
      },
    ],
    scenario: "ingest-killed-before-store",
    finding: /accepted and not stored/,
  },
  "clear-before-merging": {
    about: "the processor clears pending in one call and merges in the next",
    service: "processor",
    changes: [
      {
        find: 'this.run = defineScript(redis, "encounterStore", STORE_SCRIPT);',
        replace: 'this.redis = redis; this.run = defineScript(redis, "encounterStore", STORE_SCRIPT);',
      },
      {
        find: "return Number(await this.run(keys, args));",
        replace: `
          await this.redis.zrem(record.keys.pending, minute);
          await this.redis.hset(record.keys.minute(minute), "e", span.to);
          await this.redis.hincrby(record.keys.state, "unevaluated", span.from - span.to);
          return Number(await this.run(keys, args));`,
      },
      { find: "if evaluated ~= from then return -2 end", replace: "" },
      {
        find: "redis.call('HINCRBY', KEYS[2], 'unevaluated', from - to)",
        replace: "",
      },
    ],
    scenario: "worker-killed-before-merge",
    finding: /contact missing/,
  },
  "last-fix-wins": {
    about: "a later fix of the same device and minute replaces the first",
    service: "ingest",
    changes: [
      {
        find: "outcomes[total] = '0'",
        replace: "outcomes[total] = '0' call('HSET', fixesKey, numbers[i], string.sub(had[i], 1, 4) .. bodies[i])",
      },
    ],
    scenario: "batches-out-of-order",
    finding: /accepted and not stored/,
  },
};
