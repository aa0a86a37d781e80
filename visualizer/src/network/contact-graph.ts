import type { Contact } from "@encounter/core/wire/contacts";

/** A device with whom it was in contact with. */
interface GraphNode {
  readonly name: string;
  /** Indices of different other devices, in the order in which they were met. */
  readonly partners: readonly number[];
  readonly contacts: number;
  /** Of all its contacts together. */
  readonly minutes: number;
}

/** Two devices that were in contact at least once; by index. */
interface GraphLink {
  readonly a: number;
  readonly b: number;
  readonly contacts: number;
  readonly minutes: number;
}

/** Who was in contact with whom. */
export interface ContactGraph {
  readonly nodes: readonly GraphNode[];
  readonly links: readonly GraphLink[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** Devices that are connected by any way of contacts, whatever their times; the largest group first. */
  readonly groups: readonly (readonly number[])[];
}

/** Gathers contacts, each pair once or many times, into a graph. */
export function graphOf(contacts: readonly Contact[]): ContactGraph {
  const indexOf = new Map<string, number>();
  const nodes: { name: string; partners: number[]; contacts: number; minutes: number }[] = [];
  const links = new Map<string, { a: number; b: number; contacts: number; minutes: number }>();
  const nodeOf = (name: string): number => {
    const known = indexOf.get(name);
    if (known !== undefined) return known;
    indexOf.set(name, nodes.length);
    return nodes.push({ name, partners: [], contacts: 0, minutes: 0 }) - 1;
  };
  for (const { device_id, other, minutes } of contacts) {
    const a = nodeOf(device_id);
    const b = nodeOf(other);
    const key = a < b ? `${a} ${b}` : `${b} ${a}`;
    let link = links.get(key);
    if (link === undefined) {
      link = { a, b, contacts: 0, minutes: 0 };
      links.set(key, link);
      nodes[a]!.partners.push(b);
      nodes[b]!.partners.push(a);
    }
    for (const counted of [link, nodes[a]!, nodes[b]!]) {
      counted.contacts++;
      counted.minutes += minutes;
    }
  }
  return { nodes, links: [...links.values()], indexOf, groups: groupsOf(nodes) };
}

function groupsOf(nodes: readonly GraphNode[]): number[][] {
  const seen = new Uint8Array(nodes.length);
  const groups: number[][] = [];
  for (let first = 0; first < nodes.length; first++) {
    if (seen[first] === 1) continue;
    seen[first] = 1;
    const group = [first];
    // It grows while it is walked through.
    for (const node of group) {
      for (const partner of nodes[node]!.partners) {
        if (seen[partner] === 1) continue;
        seen[partner] = 1;
        group.push(partner);
      }
    }
    groups.push(group);
  }
  return groups.sort((a, b) => b.length - a.length);
}
