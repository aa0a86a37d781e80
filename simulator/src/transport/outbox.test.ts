import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Outbox } from "./outbox.ts";

describe("an outbox", () => {
  test("gives frames in their order, as many at once as its window", () => {
    const outbox = new Outbox<number>(2);
    for (const item of [1, 2, 3]) outbox.add([item], false);
    expect([outbox.take(), outbox.take(), outbox.take()].map((frame) => frame?.items)).toEqual([[1], [2], undefined]);
    expect(outbox.settle()?.items).toEqual([1]);
    expect(outbox.take()?.items).toEqual([3]);
    expect(outbox.size).toBe(2);
  });

  test("sends nothing new while a frame waits to be sent again, and that one first", () => {
    const outbox = new Outbox<number>(2);
    for (const item of [1, 2, 3]) outbox.add([item], false);
    outbox.take();
    outbox.take();
    outbox.fail(outbox.settle()!);
    expect(outbox.take()).toBeUndefined();
    expect(outbox.isReadyToRetry).toBe(false);
    outbox.settle();
    expect(outbox.isReadyToRetry).toBe(true);
    outbox.retry();
    expect([outbox.take()?.items, outbox.take()?.items]).toEqual([[1], [3]]);
  });

  test("whatever fails, frames are settled once each, and first sent in the order they came", () => {
    const step = fc.constantFrom("add", "take", "answer", "fail", "reconnect");
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 200 }), (window, steps) => {
        const outbox = new Outbox<number>(window);
        const [settled, firstSent] = [[] as number[], [] as number[]];
        let added = 0;
        const run = (name: (typeof steps)[number]) => {
          if (name === "add") outbox.add([added++], false);
          if (name === "take") {
            const frame = outbox.take();
            if (frame !== undefined && frame.attempts++ === 0) firstSent.push(frame.items[0]!);
          }
          if (name === "answer") {
            const frame = outbox.settle();
            if (frame !== undefined) settled.push(frame.items[0]!);
            if (outbox.isReadyToRetry) outbox.retry();
          }
          if (name === "fail") {
            const frame = outbox.settle();
            if (frame !== undefined) outbox.fail(frame);
            if (outbox.isReadyToRetry) outbox.retry();
          }
          if (name === "reconnect") outbox.retry();
        };
        steps.forEach(run);
        run("reconnect");
        while (outbox.size > 0) {
          run("take");
          run("answer");
        }
        const all = Array.from({ length: added }, (_, item) => item);
        expect(firstSent).toEqual(all);
        expect(settled.sort((a, b) => a - b)).toEqual(all);
      }),
    );
  });
});
