import { type Signal, useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { texts } from "../language/language.ts";
import { compareNames, type Order } from "../table/order.ts";
import { PAGE_ROWS, Pager, pageWithin } from "../table/Pager.tsx";
import { moveAmongRows } from "../table/row-keys.ts";
import { SortHead } from "../table/SortHead.tsx";
import type { ContactGraph } from "./contact-graph.ts";

const COLUMNS = ["device", "partners", "contacts", "minutes"] as const;
type Column = (typeof COLUMNS)[number];
const RISES_FIRST: readonly Column[] = ["device"];
const MOST_NAMES = 12;

interface Props {
  readonly graph: ContactGraph;
  readonly selected: number | null;
  readonly pointed: Signal<number | null>;
  readonly choose: (node: number) => void;
}

/** The graph in words: every device with how connected it is. */
export function NetworkTable({ graph, selected, pointed, choose }: Props) {
  const words = texts.value;
  const order = useSignal<Order<Column>>({ column: "partners", descending: true });
  const turned = useSignal(0);
  const current = useSignal<number | null>(null);
  const { column, descending } = order.value;
  const sorted = useMemo(() => sortNodes(graph, { column, descending }), [graph, column, descending]);
  const page = pageWithin(turned.value, sorted.length);
  const rows = sorted.slice(page * PAGE_ROWS, (page + 1) * PAGE_ROWS);
  const reachable = current.value !== null && rows.includes(current.value) ? current.value : rows[0];
  return (
    <>
      <table class="table network-devices" aria-label={words.devices}>
        <thead>
          <tr>
            {COLUMNS.map((each) => (
              <SortHead
                key={each}
                column={each}
                label={words.network.columns[each]}
                title={words.network.columnTitles[each]}
                order={order}
                risesFirst={RISES_FIRST}
              />
            ))}
          </tr>
        </thead>
        <tbody
          onKeyDown={moveAmongRows}
          onFocusOut={() => {
            pointed.value = null;
          }}
        >
          {rows.map((node) => {
            const { name, partners, contacts, minutes } = graph.nodes[node]!;
            return (
              <tr key={name} data-device={name} onClick={() => choose(node)}>
                <td>
                  <button
                    type="button"
                    data-row
                    tabIndex={node === reachable ? 0 : -1}
                    aria-current={node === selected}
                    title={name}
                    onFocus={() => {
                      current.value = node;
                      pointed.value = node;
                    }}
                  >
                    {name}
                  </button>
                </td>
                {[partners.length, contacts, minutes].map((figure, at) => (
                  <td key={COLUMNS[at + 1]} class="figure">
                    {figure.toLocaleString(words.code)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      <Pager
        rows={sorted.length}
        page={page}
        turn={(to) => {
          turned.value = to;
        }}
      />
    </>
  );
}

/** Node indices in an order; equals by name. */
function sortNodes({ nodes }: ContactGraph, { column, descending }: Order<Column>): number[] {
  const sign = descending ? -1 : 1;
  const figure = (node: number) => {
    const { partners, contacts, minutes } = nodes[node]!;
    return column === "partners" ? partners.length : column === "contacts" ? contacts : minutes;
  };
  const byName = (a: number, b: number) => compareNames(nodes[a]!.name, nodes[b]!.name);
  const indices = nodes.map((_, node) => node);
  if (column === "device") return indices.sort((a, b) => sign * byName(a, b));
  return indices.sort((a, b) => sign * (figure(a) - figure(b)) || byName(a, b));
}

/** Which devices hang together, whatever the times of their contacts. */
export function Groups({ graph }: { graph: ContactGraph }) {
  const words = texts.value.network;
  return (
    <>
      <h3>{words.groups(graph.groups.length)}</h3>
      <ol class="groups">
        {graph.groups.slice(0, PAGE_ROWS).map((group) => (
          <li key={group[0]}>
            <b>{words.groupOf(group.length)}</b> {namesOf(graph, group)}
          </li>
        ))}
      </ol>
    </>
  );
}

function namesOf({ nodes }: ContactGraph, group: readonly number[]): string {
  const names = group.map((node) => nodes[node]!.name).sort(compareNames);
  const more = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(", ") + (more > 0 ? ` ${texts.value.network.andMore(more)}` : "");
}
