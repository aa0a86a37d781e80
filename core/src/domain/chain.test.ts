import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ChainStep, reachedFrom, shortestChain, type TimedContact } from "./chain.ts";

function contact(a: string, b: string, startMinute: number, endMinute: number): TimedContact {
  return { a, b, startMinute, endMinute };
}

/** Every chain that visits no device twice, by trying all: the number of its contacts and its earliest arrival. */
function* allChains(contacts: readonly TimedContact[], from: string): Generator<{ to: string; way: number[] }> {
  function* on(
    device: string,
    minute: number,
    visited: readonly string[],
    way: number[],
  ): Generator<{ to: string; way: number[] }> {
    yield { to: device, way };
    for (const each of contacts) {
      if (each.a !== device && each.b !== device) continue;
      const other = each.a === device ? each.b : each.a;
      if (visited.includes(other)) continue;
      for (let at = each.startMinute; at < each.endMinute; at++) {
        if (at >= minute) yield* on(other, at, [...visited, other], [...way, at]);
      }
    }
  }
  yield* on(from, Number.NEGATIVE_INFINITY, [from], []);
}

const DEVICES = ["A", "B", "C", "D", "E"];
const someContacts = fc.array(
  fc
    .record({
      pair: fc.subarray(DEVICES, { minLength: 2, maxLength: 2 }),
      startMinute: fc.integer({ min: 0, max: 6 }),
      minutes: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ pair, startMinute, minutes }) => contact(pair[0]!, pair[1]!, startMinute, startMinute + minutes)),
  { maxLength: 7 },
);

function isChain(steps: readonly ChainStep<TimedContact>[], from: string, to: string): boolean {
  let device = from;
  let minute = Number.NEGATIVE_INFINITY;
  for (const step of steps) {
    const ends = [step.contact.a, step.contact.b];
    if (step.from !== device || !ends.includes(step.from) || !ends.includes(step.to) || step.to === device)
      return false;
    if (step.minute < minute || step.minute < step.contact.startMinute) return false;
    if (step.minute >= step.contact.endMinute) return false;
    device = step.to;
    minute = step.minute;
  }
  return device === to;
}

describe("shortestChain", () => {
  test("goes forward in time only", () => {
    const contacts = [contact("A", "B", 10, 15), contact("B", "C", 5, 9)];
    expect(shortestChain(contacts, "A", "C")).toBeNull();
    expect(shortestChain(contacts, "C", "A")?.map(({ minute }) => minute)).toEqual([5, 10]);
  });

  test("may pass several contacts in one minute, and waits inside a contact", () => {
    const contacts = [contact("A", "B", 10, 15), contact("B", "C", 2, 11), contact("C", "D", 14, 20)];
    expect(shortestChain(contacts, "A", "D")?.map(({ from, to, minute }) => [from, to, minute])).toEqual([
      ["A", "B", 10],
      ["B", "C", 10],
      ["C", "D", 14],
    ]);
  });

  test("has the fewest contacts, even if more would be there earlier", () => {
    const late = contact("A", "C", 50, 51);
    const contacts = [contact("A", "B", 1, 2), contact("B", "C", 1, 2), late];
    expect(shortestChain(contacts, "A", "C")).toEqual([{ from: "A", to: "C", minute: 50, contact: late }]);
    expect(reachedFrom(contacts, "A").get("C")).toEqual({ contacts: 1, minute: 1 });
  });

  test("is empty from a device to itself, and null to one that was near nobody", () => {
    expect(shortestChain([], "A", "A")).toEqual([]);
    expect(shortestChain([contact("A", "B", 1, 2)], "A", "Z")).toBeNull();
  });

  test("is as good as the best of all chains", () => {
    fc.assert(
      fc.property(someContacts, (contacts) => {
        for (const to of DEVICES.slice(1)) {
          const ways = [...allChains(contacts, "A")].filter((chain) => chain.to === to).map(({ way }) => way);
          const fewest = Math.min(...ways.map((way) => way.length));
          const earliest = Math.min(...ways.filter((way) => way.length === fewest).map((way) => way.at(-1)!));
          const steps = shortestChain(contacts, "A", to);
          if (steps === null) expect(ways).toEqual([]);
          else {
            expect(isChain(steps, "A", to)).toBe(true);
            expect([steps.length, steps.at(-1)?.minute]).toEqual([fewest, earliest]);
          }
        }
      }),
    );
  });
});

test("reachedFrom is where any chain leads, by its fewest contacts and its earliest minute", () => {
  fc.assert(
    fc.property(someContacts, (contacts) => {
      const expected = new Map<string, { contacts: number; minute: number }>();
      for (const { to, way } of allChains(contacts, "A")) {
        if (to === "A") continue;
        const known = expected.get(to) ?? { contacts: Number.POSITIVE_INFINITY, minute: Number.POSITIVE_INFINITY };
        const minute = Math.min(known.minute, way.at(-1)!);
        expected.set(to, { contacts: Math.min(known.contacts, way.length), minute });
      }
      expect(reachedFrom(contacts, "A")).toEqual(expected);
    }),
  );
});
