import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { sendInOrder } from "./sender.ts";
import { makeSmallVenue } from "./small-venue.ts";
import { OPERATOR_TOKEN, System } from "./system.ts";

let system: System;

beforeAll(async () => {
  system = await System.start();
});

afterAll(() => system?.stop());

const doors = () => ({ ingest: system.ingestUrl, processor: system.processorUrl, api: system.apiUrl });

async function metricsOf(url: string): Promise<string> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${OPERATOR_TOKEN}` } });
  expect(response.status).toBe(200);
  return response.text();
}

async function readingOf(url: string, name: string): Promise<number> {
  const line = (await metricsOf(url)).split("\n").find((each) => each.startsWith(`${name} `));
  return Number(line?.split(" ")[1]);
}

/** Names of the time series that a text of metrics has. */
function seriesOf(metrics: string): string[] {
  return [...metrics.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name, type]) =>
    type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name as string],
  );
}

const project = (path: string) => readFile(new URL(`../${path}`, import.meta.url), "utf8");

describe("what the services tell of themselves", () => {
  test("is told to the operator alone; their health to anybody", async () => {
    for (const url of Object.values(doors())) {
      expect((await fetch(`${url}/metrics`)).status).toBe(401);
      expect((await fetch(`${url}/metrics`, { headers: { authorization: "Bearer wrong" } })).status).toBe(401);
      expect((await fetch(`${url}/health/live`)).status).toBe(200);
      expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    }
  });

  test("counts what was sent and evaluated, and names nobody", async () => {
    await makeSmallVenue(system, "telling", "A venue that tells");
    const { ingest, processor, api } = doors();
    expect(await readingOf(ingest, 'encounter_ingest_fixes_total{outcome="accepted"}')).toBe(60);
    expect(await readingOf(processor, "encounter_processor_fixes_total")).toBe(60);
    expect(await readingOf(processor, "encounter_processor_pair_minutes_total")).toBeGreaterThan(0);
    await expect.poll(() => readingOf(processor, "encounter_pending_fixes"), { timeout: 10_000 }).toBe(0);
    await vi.waitFor(async () =>
      expect(await readingOf(api, "encounter_redis_memory_used_bytes")).toBeGreaterThan(1e5),
    );
    for (const url of [ingest, processor, api]) expect(await metricsOf(url)).not.toMatch(/telling|Tag 1/);
  });

  test("has all that the dashboard shows and the alerts watch", async () => {
    const told = (await Promise.all(Object.values(doors()).map(metricsOf))).flatMap(seriesOf);
    const known = new Set([...told, "up"]);
    for (const file of ["ops/grafana/encounter.json", "ops/prometheus/alerts.yml"]) {
      const named = (await project(file)).match(/\b(encounter|nodejs|process)_[a-z0-9_]+/g) ?? [];
      expect(named.length, file).toBeGreaterThan(8);
      expect(
        [...new Set(named)].filter((name) => !known.has(name)),
        file,
      ).toEqual([]);
    }
  });

  test("every alert, and every metric of our own, is explained to the operators", async () => {
    const guide = await project("docs/OPERATIONS.md");
    const alerts = [...(await project("ops/prometheus/alerts.yml")).matchAll(/alert: (\w+)/g)].map(([, name]) => name);
    expect(alerts.length).toBeGreaterThan(5);
    expect(alerts.filter((name) => !guide.includes(`### ${name}`))).toEqual([]);
    const metrics = (await Promise.all(Object.values(doors()).map(metricsOf))).join("\n");
    const own = new Set([...metrics.matchAll(/^# TYPE (encounter_\S+)/gm)].map(([, name]) => name as string));
    expect([...own].filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
  });

  test("fixes that nobody evaluates are seen to wait", async () => {
    const key = await system.newVenue("waiting", {});
    await system.kill("processor");
    const position = { longitude: 13.4, latitude: 52.5, floor: 0, accuracy: 1 };
    const fix = { device_id: "Tag 1", venue_id: "waiting", timestamp: Date.now(), position };
    await sendInOrder(() => system.ingestUrl, key, [fix], 1);
    expect((await system.status("waiting")).unevaluated_fixes).toBe(1);
    await system.startService("processor");
    await expect.poll(async () => (await system.status("waiting")).unevaluated_fixes, { timeout: 20_000 }).toBe(0);
    expect(await readingOf(system.processorUrl, "encounter_processor_fixes_total")).toBe(1);
  });
});
