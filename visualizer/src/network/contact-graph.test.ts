import type { Contact } from "@encounter/core/wire/contacts";
import { describe, expect, it } from "vitest";
import { graphOf } from "./contact-graph.ts";
import { GraphLayout } from "./graph-layout.ts";

function contact(device_id: string, other: string, minutes: number): Contact {
  return { device_id, other, start: 0, end: minutes * 60_000, minutes, certain_minutes: 0 };
}

const graph = graphOf([
  contact("Y", "Z", 6),
  contact("A", "B", 5),
  contact("A", "B", 9),
  contact("B", "C", 7),
  contact("C", "D", 8),
]);

describe("a graph of contacts", () => {
  it("has a node for each device and a link for each pair, however often they met", () => {
    const nodes = graph.nodes.map(({ name, partners, contacts, minutes }) => [
      name,
      partners.length,
      contacts,
      minutes,
    ]);
    expect(nodes).toEqual([
      ["Y", 1, 1, 6],
      ["Z", 1, 1, 6],
      ["A", 1, 2, 14],
      ["B", 2, 3, 21],
      ["C", 2, 2, 15],
      ["D", 1, 1, 8],
    ]);
    expect(graph.links.find(({ a }) => a === graph.indexOf.get("A"))).toMatchObject({ contacts: 2, minutes: 14 });
  });

  it("falls apart into groups, the largest first", () => {
    const groups = graph.groups.map((group) => group.map((node) => graph.nodes[node]!.name));
    expect(groups).toEqual([
      ["A", "B", "C", "D"],
      ["Y", "Z"],
    ]);
  });
});

describe("its layout", () => {
  function laidOut(): GraphLayout {
    const layout = new GraphLayout(graph);
    while (!layout.settled) layout.advance(1);
    return layout;
  }

  it("is the same for the same graph, in however many stretches", () => {
    const whole = new GraphLayout(graph);
    whole.advance(10_000);
    expect(whole.settled).toBe(true);
    expect(laidOut().places).toEqual(whole.places);
  });

  it("keeps devices apart, and those in contact nearer than those of another group", () => {
    const { places } = laidOut();
    const apart = (a: number, b: number) =>
      Math.hypot(places[a * 2]! - places[b * 2]!, places[a * 2 + 1]! - places[b * 2 + 1]!);
    for (let a = 0; a < 6; a++) for (let b = 0; b < a; b++) expect(apart(a, b)).toBeGreaterThan(9);
    expect(apart(2, 3)).toBeLessThan(apart(2, 0));
  });
});
