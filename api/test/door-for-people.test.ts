import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OperatorsDoor } from "./operators-door.ts";

let door: OperatorsDoor;

beforeAll(async () => {
  door = await OperatorsDoor.open({
    MAPBOX_TOKEN: "pk.test",
    MAP_PMTILES_URL: "https://tiles.example.org/world.pmtiles",
    MAP_ORIGINS: "https://glyphs.example.org",
  });
});
afterAll(async () => {
  await door.close();
});

const guest = { guest: true };

describe("the map", () => {
  test("that is not built yet says what to do", async () => {
    const { status, headers, text } = await door.ask("/", guest);
    expect([status, headers.get("content-type")]).toEqual([503, "text/html; charset=utf-8"]);
    expect(text).toContain("npm run build");
  });

  test("is served fresh, its assets for ever", async () => {
    mkdirSync(join(door.mapDirectory, "assets"));
    writeFileSync(join(door.mapDirectory, "index.html"), "<!doctype html><title>map</title>");
    writeFileSync(join(door.mapDirectory, "assets", "index-abc123.js"), "export {};");
    writeFileSync(join(door.mapDirectory, "mark.svg"), "<svg/>");
    try {
      const page = await door.ask("/", guest);
      expect([page.status, page.text]).toEqual([200, "<!doctype html><title>map</title>"]);
      expect(page.headers.get("cache-control")).toBe("no-cache");
      expect(page.headers.get("content-type")).toContain("text/html");
      const script = await door.ask("/assets/index-abc123.js", guest);
      expect(script.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      expect(script.headers.get("content-type")).toContain("javascript");
      expect((await door.ask("/mark.svg", guest)).headers.get("cache-control")).toBe("no-cache");
      expect((await door.ask("/assets/missing.js", guest)).json.error.code).toBe("not_found");
      expect((await door.ask("/..%2f..%2fetc%2fpasswd", guest)).status).toBeGreaterThanOrEqual(400);
    } finally {
      rmSync(join(door.mapDirectory, "index.html"));
    }
  });

  test("is told what is configured, and may fetch from there", async () => {
    const { json, headers } = await door.ask("/v1/config");
    expect(json).toEqual({ map: { mapbox_token: "pk.test", pmtiles_url: "https://tiles.example.org/world.pmtiles" } });
    const policy = headers.get("content-security-policy") as string;
    const connect = policy.split("; ").find((directive) => directive.startsWith("connect-src"));
    expect(connect).toContain(" https://tiles.example.org");
    expect(connect).toContain(" https://glyphs.example.org");
    expect(connect).toContain(" https://api.mapbox.com");
    expect(policy).not.toContain("example.org/world");
  });
});

describe("the description", () => {
  test("is OpenAPI 3.1 of every call, with what each may answer", async () => {
    const { status, json } = await door.ask("/openapi.json", guest);
    expect([status, json.openapi]).toEqual([200, "3.1.0"]);
    const calls = Object.entries<Record<string, Record<string, unknown>>>(json.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, call]) => ({ name: `${method} ${path}`, call })),
    );
    expect(calls.length).toBeGreaterThan(25);
    for (const { name, call } of calls) {
      expect(call.summary, name).toBeTypeOf("string");
      expect(
        Object.keys(call.responses as object).some((code) => /^[1-3]/.test(code)),
        name,
      ).toBe(true);
    }
    const contacts = json.paths["/v1/venues/{venue}/devices/{device}/contacts"].get;
    expect(contacts.parameters.map((parameter: { name: string }) => parameter.name)).toEqual(
      expect.arrayContaining([
        "from",
        "to",
        "proximity",
        "min_minutes",
        "certain",
        "path",
        "limit",
        "cursor",
        "format",
        "venue",
        "device",
      ]),
    );
    expect(contacts.responses["200"].content["application/json"].schema.properties.contacts).toBeDefined();
    expect(contacts.responses["400"].content["application/json"].schema.properties.error).toBeDefined();
    const put = json.paths["/v1/venues/{venue}"].put;
    expect(put.requestBody.content["application/json"].schema.properties.max_accuracy.maximum).toBe(50);
  });

  test("is readable at /docs without the internet", async () => {
    const { status, text } = await door.ask("/docs", guest);
    expect(status).toBe(200);
    const parts = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url as string);
    expect(parts.length).toBeGreaterThan(3);
    for (const part of parts) {
      expect(part.startsWith("/docs/")).toBe(true);
      expect((await door.ask(part, guest)).status, part).toBe(200);
    }
  });
});

test("metrics count answers by route, and hold no ids", async () => {
  await door.createVenue("a secret venue");
  await door.ask("/v1/venues/a%20secret%20venue/contacts");
  const { headers, text } = await door.ask("/metrics");
  expect(headers.get("content-type")).toContain("text/plain");
  expect(text).toMatch(
    /encounter_api_request_seconds_count\{route="\/v1\/venues\/:venue\/contacts",method="GET",status="200"\} 1/,
  );
  expect(text).not.toContain("secret");
  expect(text).toContain("process_cpu_seconds_total");
});
