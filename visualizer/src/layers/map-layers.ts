import { effect, untracked } from "@preact/signals";
import type { FeatureCollection } from "geojson";
import { NOTHING } from "../base/world-layers.ts";
import { pxPerMetre } from "../drawing/anchored-matrix.ts";
import type { MapEngine } from "../engine/engine.ts";
import type { TimeMachine } from "../past/time-machine.ts";
import type { MapState } from "../state/map-state.ts";
import { clustersOf } from "./clusters.ts";
import { heatOf } from "./heat.ts";
import { CLUSTER_SOURCE, HEAT_SOURCE, TRAIL_SOURCE } from "./layer-styles.ts";
import { RecentMinutes } from "./recent-minutes.ts";
import { trailsOf } from "./trails.ts";

/** Keeps heat, trails and clusters on the map, those that are switched on. */
export class MapLayers {
  private readonly state: MapState;
  private readonly recent: RecentMinutes;
  /** Sources that hold nothing: emptying them again would only have the map drawn anew. */
  private readonly empty = new Set<string>();
  private clusters = "";

  constructor(state: MapState, machine: TimeMachine) {
    this.state = state;
    this.recent = new RecentMinutes(state, machine);
  }

  /**
   * Follows the state from now on.
   * @param zoom reads, as a signal, the zoom at which the camera last rested
   * @returns the way to stop
   */
  start(engine: MapEngine, zoom: () => number): () => void {
    this.empty.clear();
    this.clusters = "";
    const stops = [
      this.recent.start(),
      effect(() => this.followHeat(engine)),
      effect(() => this.followTrails(engine)),
      effect(() => this.followClusters(engine, zoom())),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  private put(engine: MapEngine, source: string, data: FeatureCollection): void {
    const isEmpty = data.features.length === 0;
    if (isEmpty && this.empty.has(source)) return;
    if (isEmpty) this.empty.add(source);
    else this.empty.delete(source);
    engine.setData(source, data);
  }

  private followHeat(engine: MapEngine): void {
    const { layers, floor } = this.state;
    const on = layers.value.has("heat");
    this.put(engine, HEAT_SOURCE, on ? heatOf(this.recent.minutes.value, floor.value) : NOTHING);
  }

  private followTrails(engine: MapEngine): void {
    const { state } = this;
    if (!state.layers.value.has("trails")) {
      this.put(engine, TRAIL_SOURCE, NOTHING);
      return;
    }
    state.beat.value;
    const { value: minutes } = this.recent.minutes;
    const floor = state.floor.value;
    const selected = state.selected.value;
    untracked(() => {
      const { table, view } = state;
      const index = selected === null ? -1 : table.indexOf(selected);
      this.put(engine, TRAIL_SOURCE, trailsOf(minutes, table, view, floor, index));
    });
  }

  private followClusters(engine: MapEngine, zoom: number): void {
    const { state } = this;
    if (!state.layers.value.has("clusters")) {
      this.put(engine, CLUSTER_SOURCE, NOTHING);
      this.clusters = "";
      return;
    }
    state.beat.value;
    state.floor.value;
    state.drawnMinute.value;
    const { table, view } = state;
    const discs = clustersOf(table, view, pxPerMetre(table.anchor, zoom));
    const text = JSON.stringify(discs);
    if (text !== this.clusters) this.put(engine, CLUSTER_SOURCE, discs);
    this.clusters = text;
  }
}
