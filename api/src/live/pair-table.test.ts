import fc from "fast-check";
import { expect, test } from "vitest";
import { PairTable } from "./pair-table.ts";

test("finds every pair that was added, either way round, and no other", () => {
  const device = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 0xffff_ffff }));
  fc.assert(
    fc.property(fc.array(fc.tuple(device, device), { maxLength: 400 }), (pairs) => {
      const table = new PairTable();
      const slots = new Map<string, number>();
      for (const [one, other] of pairs) {
        const key = [one, other].sort((a, b) => a - b).join();
        const slot = table.add(one, other, -3, 40, 7);
        expect(slot).toBe(slots.has(key) ? -1 : slots.size);
        if (slot >= 0) slots.set(key, slot);
      }
      for (const [one, other] of pairs) {
        const slot = slots.get([one, other].sort((a, b) => a - b).join());
        expect(table.find(one, other)).toBe(slot);
        expect(table.find(other, one)).toBe(slot);
      }
      expect(table.find(31, 77)).toBe(slots.get("31,77") ?? -1);
      expect(table.count).toBe(slots.size);
    }),
  );
});

test("keeps what it knows of a pair when it grows", () => {
  const table = new PairTable();
  for (let i = 1; i <= 1_000; i++) table.add(i, i + 1, -i, i, 2 * i);
  const slot = table.find(500, 501);
  expect(table.a[slot]).toBe(500);
  expect(table.b[slot]).toBe(501);
  expect(table.gapDm[slot]).toBe(-500);
  expect(table.reachDm[slot]).toBe(500);
  expect(table.startMinute[slot]).toBe(1_000);
});
