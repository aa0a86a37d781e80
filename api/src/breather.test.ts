import { expect, test } from "vitest";
import { Abandoned, Breather } from "./breather.ts";

test("long work lets others have their turn, short work does not wait", async () => {
  const breather = new Breather(new AbortController().signal);
  let turns = 0;
  let isWorking = true;
  const others = (async () => {
    while (isWorking) {
      await new Promise((resolve) => setImmediate(resolve));
      turns++;
    }
  })();
  const endsMs = performance.now() + 200;
  while (performance.now() < endsMs) await breather.pause();
  isWorking = false;
  await others;
  expect(turns).toBeGreaterThan(4);
});

test("work that nobody waits for ends", async () => {
  const leaving = new AbortController();
  const breather = new Breather(leaving.signal);
  await breather.pause();
  leaving.abort();
  await expect(breather.pause()).rejects.toBeInstanceOf(Abandoned);
});
