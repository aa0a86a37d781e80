import fc from "fast-check";
import { expect, test } from "vitest";
import { FIXES_PER_FRAME_MAX, parseFrame } from "./frame.ts";
import { encodeFrameError, encodeReply, OUTCOMES } from "./reply.ts";

test("the three forms", () => {
  expect(parseFrame('{"device_id":"a"}')).toEqual({ batch: null, fixes: [{ device_id: "a" }] });
  expect(parseFrame("[1,{}]")).toEqual({ batch: null, fixes: [1, {}] });
  expect(parseFrame('{"batch":"7","positions":[]}')).toEqual({ batch: "7", fixes: [] });
  expect(parseFrame('{"positions":[{}]}')).toEqual({ batch: null, fixes: [{}] });
});

test("what is no batch is one fix: the door then says what is wrong with it", () => {
  for (const text of [
    "{}",
    '{"batch":"7"}',
    '{"batch":7,"positions":[]}',
    `{"batch":"${"x".repeat(65)}","positions":[]}`,
  ]) {
    expect(parseFrame(text)).toMatchObject({ fixes: [JSON.parse(text)] });
  }
});

test("none of the forms", () => {
  const tooMany = JSON.stringify(Array.from({ length: FIXES_PER_FRAME_MAX + 1 }, () => 0));
  for (const text of ["", "nothing", "null", "1", '"x"', "true", tooMany, `{"batch":"b","positions":${tooMany}}`]) {
    expect(parseFrame(text)).toHaveProperty("trouble");
  }
});

test("a reply is the same JSON whichever way it is written", () => {
  const index = fc.integer({ min: 0, max: 999 });
  const refusal = fc.record({ index, outcome: fc.constantFrom(...OUTCOMES.slice(2)), reason: fc.string() });
  const result = fc.record({
    batch: fc.option(fc.string({ maxLength: 64 })),
    accepted: fc.nat(1_000),
    repeated: fc.uniqueArray(index),
    refusals: fc.array(refusal, { maxLength: 150 }),
  });
  fc.assert(
    fc.property(result, (given) => {
      const reply = JSON.parse(encodeReply(given, "f3a9"));
      expect(reply.batch).toBe(given.batch);
      expect(reply.epoch).toBe("f3a9");
      expect(reply.counts.accepted ?? 0).toBe(given.accepted);
      expect(reply.repeated ?? []).toEqual(given.repeated);
      expect(reply.errors ?? []).toEqual(given.refusals.slice(0, 100));
      const counted = Object.values(reply.counts as Record<string, number>).reduce((sum, count) => sum + count, 0);
      expect(counted).toBe(given.accepted + given.repeated.length + given.refusals.length);
      expect(Object.values(reply.counts)).not.toContain(0);
    }),
  );
});

test("errors of a whole frame", () => {
  expect(encodeFrameError({ code: "bad_frame", message: "no" }, "7")).toBe(
    '{"error":{"code":"bad_frame","message":"no"}}',
  );
  expect(encodeFrameError({ code: "busy", retryAfterMs: 1_500 }, "7")).toBe(
    '{"batch":"7","error":{"code":"busy","retry_after_ms":1500}}',
  );
});
