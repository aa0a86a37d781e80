import fc from "fast-check";
import { expect } from "vitest";
import { RawConnection } from "../../core/test/raw-connection.ts";
import { OPERATOR_TOKEN, type System } from "../system.ts";
import { pathSalad, rawRequest } from "./byte-salad.ts";
import type { FuzzRun } from "./fuzz-run.ts";

const DEVICE_PATHS = [
  ...["/v1/positions", "/v1/activate", "/v1/token", "/positions", "/metrics", "/health/ready"],
  ...["/invite-code/*", "/device/*/activate", "/device/*/token"],
];
const OPERATOR_PATHS = [
  ...["/", "/v1/venues", "/v1/venues/*", "/v1/venues/*/plan", "/v1/venues/*/keys", "/v1/venues/*/keys/*"],
  ...["/v1/venues/*/invites", "/v1/venues/*/devices", "/v1/venues/*/devices/*/token", "/v1/venues/*/devices/*/fixes"],
  ...["/v1/venues/*/devices/*/contacts", "/v1/venues/*/contacts", "/v1/venues/*/minutes/*", "/v1/venues/*/status"],
  ...["/v1/venues/*/live", "/v1/session", "/v1/sign-in-links", "/sign-in/*", "/metrics", "/docs", "/assets/*"],
];
/** What anybody may be told: how the service is, its description, its pages. */
const OPEN =
  /^(GET|HEAD|OPTIONS) (\/health|\/docs|\/openapi|\/sign-in|\/assets|\/favicon|\/manifest|\/($|\?|#| ))|^(DELETE) \/v1\/session/;
/** An answer that takes longer never comes, ms. */
const ANSWER_MS = 5_000;
/** How long a client waits for what may never come, ms. */
const PATIENCE_MS = 100;

/** Requests that are hardly HTTP, without a credential, many at a time: an answer is a refusal, or there is none. */
export async function rawRequests(run: FuzzRun, system: System, requests: number): Promise<void> {
  const doors = [
    [system.ingestUrl, DEVICE_PATHS],
    [system.apiUrl, OPERATOR_PATHS],
  ] as const;
  for (const [url, paths] of doors) {
    const some = fc.array(rawRequest(paths), { minLength: 10, maxLength: 40 });
    await run.check(
      url === system.apiUrl ? "raw requests to operators' door" : "raw requests to devices' door",
      requests / 2,
      some,
      async (salads) => {
        await Promise.all(salads.map((salad) => refusedOrNothing(url, salad)));
        return salads.length;
      },
    );
  }
}

async function refusedOrNothing(url: string, salad: Buffer): Promise<void> {
  const raw = await RawConnection.open(url);
  raw.send(salad);
  const patience = setTimeout(() => raw.cut(), PATIENCE_MS);
  const said = await raw.ended;
  clearTimeout(patience);
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(said)?.[1] ?? 0);
  const told = JSON.stringify(salad.toString("latin1"));
  if (said !== "") expect(status, `${told}: ${said.slice(0, 300)}`).toBeGreaterThan(0);
  expect(status === 503 ? 0 : status, told).toBeLessThan(500);
  if (!OPEN.test(salad.toString("latin1")))
    expect([0, 100, 204, 404].includes(status) ? 400 : status, told).toBeGreaterThanOrEqual(400);
}

const NAMES = ["from", "to", "proximity", "min_minutes", "certain", "limit", "cursor", "format", "path", "q", "x"];
const VALUES = [
  "-1",
  "0",
  "1e9",
  "NaN",
  "5.05",
  "2020-01-01T00:00:00Z",
  "2020-02-30T00:00Z",
  "true",
  "yes",
  "geojson",
  "%00",
];
const value = fc.oneof(
  fc.constantFrom(...VALUES),
  fc.string({ maxLength: 12 }).map(encodeURIComponent),
  // Cursors, nearly.
  fc.jsonValue().map((json) => Buffer.from(JSON.stringify(json)).toString("base64url")),
  fc.uint8Array({ maxLength: 30 }).map((each) => Buffer.from(each).toString("base64url")),
);
const query = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), value), { maxLength: 4 })
  .map((all) => all.map(([name, text]) => `${name}=${text}`).join("&"));
const body = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }).map((json) => JSON.stringify(json)),
  fc
    .dictionary(
      fc.constantFrom("name", "cap", "proximity", "time_zone", "mappedin", "max_uses", "__proto__", "type", "features"),
      fc.jsonValue(),
    )
    .map((each) => JSON.stringify(each)),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.integer({ min: 1, max: 3_000 }).map((depth) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`),
);

/** What an operator may ask, asked wrongly: the answer is never an internal error, and the calls go on working. */
export async function operatorRequests(run: FuzzRun, system: System, requests: number): Promise<void> {
  const path = fc.oneof(
    fc.constantFrom(...OPERATOR_PATHS.slice(1, 14)).map((each) => each.replace("*", "operated").replace("*", "a")),
    pathSalad(OPERATOR_PATHS.slice(1)),
  );
  const request = fc.record({
    path,
    query,
    body,
    method: fc.constantFrom("GET", "GET", "GET", "PUT", "POST", "DELETE"),
  });
  const some = fc.array(request, { minLength: 1, maxLength: 20 });
  await run.check("operators' requests", requests, some, async (asked) => {
    await Promise.all(asked.map((each) => answeredInForm(system, each)));
    return asked.length;
  });
}

interface Asked {
  readonly path: string;
  readonly query: string;
  readonly body: string;
  readonly method: string;
}

async function answeredInForm(system: System, { path, query, body, method }: Asked): Promise<void> {
  const url = `${system.apiUrl}${path}${query === "" ? "" : `?${query}`}`;
  if (!path.startsWith("/") || !URL.canParse(url)) return;
  const response = await fetch(url, {
    method,
    redirect: "manual",
    signal: AbortSignal.timeout(ANSWER_MS),
    headers: { authorization: `Bearer ${OPERATOR_TOKEN}`, "content-type": "application/json" },
    ...(method === "GET" ? {} : { body }),
  });
  const text = await response.text();
  const told = `${method} ${url} ${body.slice(0, 300)}: ${response.status} ${text.slice(0, 300)}`;
  expect(response.status, told).toBeLessThan(500);
  if (response.status < 400) return;
  const { error } = JSON.parse(text) as { error: { code: string; message: string } };
  expect(error, told).toEqual({ code: expect.stringMatching(/^[a-z_]+$/), message: expect.stringMatching(/./) });
}
