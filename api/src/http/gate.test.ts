import { expect, test } from "vitest";
import { ApiError } from "./api-error.ts";
import { Gate } from "./gate.ts";

test("some run, some wait in order, and the rest are told so", async () => {
  const gate = new Gate(2, 2);
  const order: string[] = [];
  const ends: (() => void)[] = [];
  const task = (name: string) =>
    gate.run(async () => {
      order.push(name);
      await new Promise<void>((resolve) => ends.push(resolve));
      return name;
    });
  const [a, b, c, d] = [task("a"), task("b"), task("c"), task("d")];
  const refused = await task("e").catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ApiError);
  expect((refused as ApiError).status).toBe(503);
  expect((refused as ApiError).headers["retry-after"]).toBeDefined();
  expect(order).toEqual(["a", "b"]);
  ends[0]?.();
  expect(await a).toBe("a");
  await expect.poll(() => order).toEqual(["a", "b", "c"]);
  ends[1]?.();
  await expect.poll(() => order).toEqual(["a", "b", "c", "d"]);
  for (const end of ends) end();
  expect(await Promise.all([b, c, d])).toEqual(["b", "c", "d"]);
  const last = task("f");
  await expect.poll(() => order.at(-1)).toBe("f");
  ends.at(-1)?.();
  await last;
});

test("a task that fails makes room, too", async () => {
  const gate = new Gate(1, 0);
  for (let index = 0; index < 3; index++) {
    await expect(gate.run(() => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  }
  expect(await gate.run(async () => "fine")).toBe("fine");
});
