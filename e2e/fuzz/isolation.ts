import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect } from "vitest";
import type { System } from "../system.ts";
import type { FuzzRun } from "./fuzz-run.ts";
import { mappedinDevice } from "./mappedin.ts";

const encoded = (text: string) => Buffer.from(text).toString("base64url");

/** One venue's credentials, as its people hold them. */
interface Held {
  readonly venueId: string;
  readonly key: string;
  readonly token: string;
  readonly jwt: string;
}

async function credentialsOf(system: System, venueId: string): Promise<Held> {
  const key = await system.newVenue(venueId, {});
  const path = `/v1/venues/${encodeURIComponent(venueId)}`;
  const { token } = await system.json<{ token: string }>(`${path}/devices/a/token`, { method: "POST" });
  const jwt = await mappedinDevice(system, venueId, `phone of ${venueId}`);
  return { venueId, key, token, jwt };
}

/** Texts made of one venue's credentials that would open another's doors if anything were taken on trust. */
function forgeries(own: Held, other: Held): fc.Arbitrary<string> {
  const [ownVenue, otherVenue] = [encoded(own.venueId), encoded(other.venueId)];
  const [, ...ownParts] = own.key.split(".");
  const claims = { venue: other.venueId, device: `phone of ${other.venueId}`, exp: 4_000_000_000 };
  const unsigned = (alg: string) =>
    `${encoded(JSON.stringify({ alg, typ: "JWT" }))}.${encoded(JSON.stringify(claims))}.`;
  const known = [
    ...[own.key, own.token, own.jwt, `ek_${otherVenue}.${ownParts.join(".")}`, own.key.replace(ownVenue, otherVenue)],
    ...[own.token.replace(ownVenue, otherVenue), own.token.replace(/^dt_/, "ek_"), other.key.slice(0, -1)],
    ...[
      `${other.key}A`,
      other.key.replace(/\.[\w-]+$/, `.${ownParts.at(-1)}`),
      other.key.toUpperCase(),
      `ek_${otherVenue}..`,
    ],
    ...["none", "None", "HS256", "RS256", "HS512"].map(unsigned),
    `${other.jwt.split(".").slice(0, 2).join(".")}.${own.jwt.split(".")[2]}`,
    `${other.jwt.split(".").slice(0, 2).join(".")}.`,
  ];
  const changed = fc
    .tuple(fc.constantFrom(other.key, other.token, other.jwt), fc.nat(), fc.nat(63))
    .map(([text, at, letter]) => {
      const index = at % text.length;
      const replacement = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[letter] as string;
      return text.slice(0, index) + replacement + text.slice(index + 1);
    });
  const isForgery = (text: string) => text !== other.key && text !== other.token && !isSameJwt(text, other.jwt);
  return fc.oneof(fc.constantFrom(...known), changed.filter(isForgery));
}

/** The last letter of a signature holds bits that count for nothing. */
function isSameJwt(text: string, jwt: string): boolean {
  const bytes = (each: string) => Buffer.from(each.split(".")[2] ?? "", "base64url").toString("hex");
  return (
    text === jwt ||
    (text.slice(0, text.lastIndexOf(".")) === jwt.slice(0, jwt.lastIndexOf(".")) && bytes(text) === bytes(jwt))
  );
}

/** Tries one venue's credentials, and what can be made of them, on another's data. @returns the two venues */
export async function isolation(run: FuzzRun, system: System, attempts: number): Promise<void> {
  const own = await credentialsOf(system, "own venue");
  const other = await credentialsOf(system, "other venue");
  const claims = { venue: other.venueId, device: `phone of ${other.venueId}`, exp: 4_000_000_000 };
  const body = [{ alg: "HS256", typ: "JWT" }, claims].map((part) => encoded(JSON.stringify(part))).join(".");
  const signed = `${body}.${createHmac("sha256", own.key).update(body).digest("base64url")}`;
  const bearer = fc.oneof(
    { weight: 20, arbitrary: forgeries(own, other) },
    { weight: 1, arbitrary: fc.constant(signed) },
  );
  const way = fc.constantFrom("post", "mappedin", "token", "contacts", "keys", "delete key", "live");
  const keyId = other.key.split(".").at(-2) as string;
  await run.check("attempts at another venue", attempts, fc.tuple(bearer, way), async ([credential, how]) => {
    const answer = await attempt(system, other.venueId, keyId, credential, how);
    expect(answer.succeeded, `${how} with ${credential}: ${answer.told}`).toBe(false);
    return 1;
  });
}

async function attempt(system: System, venueId: string, keyId: string, credential: string, how: string) {
  const venue = `${system.apiUrl}/v1/venues/${encodeURIComponent(venueId)}`;
  const position = { latitude: 45, longitude: 120, accuracy: 1 };
  const theirs = { device_id: "victim", venue_id: venueId, timestamp: Date.now(), position };
  const item = {
    device: `phone of ${venueId}`,
    venue: venueId,
    time: Date.now(),
    lonlat: [1, 1],
    acc: 1,
    floor: 0,
    userConsent: true,
  };
  const calls: Record<string, [url: string, init: RequestInit]> = {
    post: [`${system.ingestUrl}/v1/positions`, { method: "POST", body: JSON.stringify([theirs]) }],
    mappedin: [`${system.ingestUrl}/positions`, { method: "POST", body: JSON.stringify([item]) }],
    token: [`${system.ingestUrl}/v1/token`, { method: "POST" }],
    contacts: [`${venue}/contacts`, {}],
    keys: [`${venue}/keys`, { method: "POST", body: '{"name":"mine"}' }],
    "delete key": [`${venue}/keys/${keyId}`, { method: "DELETE" }],
    live: [`${venue}/live`, {}],
  };
  const [url, init] = calls[how] as [string, RequestInit];
  const headers = { authorization: `Bearer ${credential}`, "content-type": "application/json" };
  const response = await fetch(url, { ...init, headers });
  const text = await response.text();
  const isOwn = how === "token" && response.status === 201 && JSON.parse(text).venue_id !== venueId;
  const isRefusedInside =
    (how === "post" && response.status === 200 && JSON.parse(text).counts.accepted === undefined) ||
    (how === "mappedin" && response.status === 207 && JSON.parse(text)[0].status !== 200);
  const succeeded = response.status < 400 && !isRefusedInside && !isOwn;
  return { succeeded, told: `${response.status} ${text.slice(0, 300)}` };
}
