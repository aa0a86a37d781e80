import type { DeviceTable } from "./device-table.ts";
import { CONTACT, type FloorView } from "./floor-view.ts";

export type DeviceFilter = "all" | "contact" | "stale";

/** Names as people order them: `Tag 9` before `Tag 10`. */
function orderKey(name: string): string {
  return name.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, "0"));
}

/**
 * The devices of a venue in a stable order, by name: a list that re-sorted itself every second could not be read.
 */
export class DeviceList {
  private ordered: number[] = [];
  private searchable: string[] = [];
  private revision = -1;

  /** Indices of the devices that are there and match, in order. @param query part of a name, in any case */
  select(table: DeviceTable, view: FloorView, filter: DeviceFilter, query: string): number[] {
    this.reorder(table);
    const words = query.trim().toLowerCase();
    return this.ordered.filter((device) => {
      if (!view.isPresent(device)) return false;
      if (filter === "contact" && view.standingOfDevice(device) !== CONTACT) return false;
      if (filter === "stale" && !view.isStale(device)) return false;
      return words === "" || this.searchable[device]!.includes(words);
    });
  }

  private reorder(table: DeviceTable): void {
    if (this.revision === table.namesRevision) return;
    this.revision = table.namesRevision;
    const keys = table.names.map(orderKey);
    this.searchable = table.names.map((name) => name.toLowerCase());
    this.ordered = keys
      .map((_, device) => device)
      .sort((a, b) => (keys[a]! < keys[b]! ? -1 : keys[a]! > keys[b]! ? 1 : 0));
  }
}
