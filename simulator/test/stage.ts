import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Random } from "../src/world/random.ts";
import { type Mishap, StandIn } from "./stand-in.ts";

/** What a tool is tried on: services to talk to, and a folder for its files. */
export interface Stage {
  readonly services: StandIn;
  readonly folder: string;
  stop(): Promise<void>;
}

export async function startStage(): Promise<Stage> {
  const services = new StandIn();
  await services.start();
  const folder = mkdtempSync(path.join(tmpdir(), "encounter-tool-"));
  return {
    services,
    folder,
    async stop() {
      await services.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

const MISHAPS: readonly Mishap[] = [
  "busy",
  "unknown and stored",
  "unknown and not stored",
  "broken off after storing",
  "restart",
];

/** Any mishap, to this share of the frames. */
export function anyMishap(random: Random, share: number): () => Mishap | null {
  return () => (random.next() < share ? (MISHAPS[Math.floor(random.next() * MISHAPS.length)] as Mishap) : null);
}
