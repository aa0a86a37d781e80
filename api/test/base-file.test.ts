import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OperatorsDoor } from "./operators-door.ts";

let door: OperatorsDoor;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "encounter-base-"));
  writeFileSync(join(folder, "town.pmtiles"), "PMTiles and 23 more bytes.");
  door = await OperatorsDoor.open({ MAP_PMTILES_FILE: join(folder, "town.pmtiles") });
});
afterAll(async () => {
  await door.close();
  rmSync(folder, { recursive: true });
});

const ask = (headers: Record<string, string> = {}) => door.ask("/v1/base.pmtiles", { headers });

test("a base that is a file is served by ranges, to operators alone", async () => {
  const { status, text, headers } = await ask({ range: "bytes=0-6" });
  expect([status, text]).toEqual([206, "PMTiles"]);
  expect(headers.get("content-range")).toBe("bytes 0-6/26");
  expect(headers.get("cache-control")).toContain("private");
  expect((await ask({ range: "bytes=20-" })).text).toBe("bytes.");
  expect((await ask({ range: "bytes=900-" })).status).toBe(416);
  expect((await ask()).text).toHaveLength(26);
  expect((await door.ask("/v1/base.pmtiles", { guest: true })).status).toBe(401);
});

test("the map is told where it is, and its policy allows nobody else", async () => {
  const { json, headers } = await door.ask("/v1/config");
  expect(json).toEqual({ map: { pmtiles_url: "/v1/base.pmtiles" } });
  const policy = headers.get("content-security-policy") as string;
  expect(policy).toContain("connect-src 'self';");
  expect(policy).not.toMatch(/https?:/);
});

test("nothing else of that folder is served, and a missing file is said to be missing", async () => {
  writeFileSync(join(folder, "secret"), "secret");
  for (const path of ["/v1/secret", "/v1/base.pmtiles/../secret", "/v1/base.pmtiles%2f..%2fsecret"]) {
    expect((await door.ask(path)).status, path).toBe(404);
  }
  rmSync(join(folder, "town.pmtiles"));
  const { status, json, headers } = await ask({ range: "bytes=0-6" });
  expect([status, json.error.code, headers.get("cache-control")]).toEqual([404, "not_found", "no-store"]);
});

test("without one there is no such call", async () => {
  const other = await OperatorsDoor.open();
  try {
    expect((await other.ask("/v1/base.pmtiles")).status).toBe(404);
    expect((await other.ask("/v1/config")).json).toEqual({ map: {} });
  } finally {
    await other.close();
  }
});
