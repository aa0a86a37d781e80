import fc from "fast-check";
import { expect } from "vitest";
import type { System } from "../system.ts";
import { ContractOracle } from "./contract-oracle.ts";
import { atTime, fixText } from "./frame-salad.ts";
import type { FuzzRun } from "./fuzz-run.ts";

const STATUS: Record<string, number> = { accepted: 200, repeated: 409, forbidden: 401 };

/** Gives a venue that serves MappedIn's contract and a device that is active there. @returns the device's JWT */
export async function mappedinDevice(system: System, venueId: string, deviceId: string): Promise<string> {
  await system.newVenue(venueId, { mappedin: true });
  const invites = `/v1/venues/${encodeURIComponent(venueId)}/invites`;
  const { code } = await system.json<{ code: string }>(invites, { method: "POST", body: '{"max_uses":5}' });
  const device = `${system.ingestUrl}/device/${encodeURIComponent(deviceId)}`;
  const activated = await fetch(`${device}/activate`, {
    method: "POST",
    body: JSON.stringify({ deviceType: "x", code }),
  });
  expect(activated.status).toBe(200);
  return ((await (await fetch(`${device}/token`)).json()) as { token: string }).token;
}

/** Generated positions in MappedIn's form, each judged by the words of the contract about it. */
export async function mappedinPositions(run: FuzzRun, system: System, positions: number): Promise<void> {
  const sender = { venueId: `mappedin ${run.seed}`, deviceId: `phone ${run.seed}` };
  const jwt = await mappedinDevice(system, sender.venueId, sender.deviceId);
  const oracle = new ContractOracle({ maxAccuracyM: 4, retentionDays: 14 });
  const fix = fixText([sender.venueId, sender.venueId, "elsewhere"], [sender.deviceId, sender.deviceId, "another"]);
  const consent = fc.constantFrom("true", "true", "true", "false", '"true"', "null", "1");
  const items = fc.array(fc.tuple(fix, consent), { minLength: 1, maxLength: 25 });
  await run.check("MappedIn's positions", positions, items, async (all) => {
    const sent: string[] = [];
    const expected: number[] = [];
    for (const [text, userConsent] of all) {
      const nowMs = Date.now();
      const value = parsed(atTime(text, nowMs));
      if (value === undefined) continue;
      const item = toItem(value, JSON.parse(userConsent));
      sent.push(JSON.stringify(item));
      expected.push(statusOf(value, item, sender, oracle, nowMs));
    }
    const answer = await fetch(`${system.ingestUrl}/positions`, {
      method: "POST",
      headers: { authorization: `Bearer ${jwt}` },
      body: `[${sent.join()}]`,
    });
    expect(answer.status, sent.join()).toBe(207);
    const statuses = ((await answer.json()) as { status: number }[]).map(({ status }) => status);
    expect(statuses, sent.join()).toEqual(expected);
    return all.length;
  });
}

function parsed(text: string): unknown {
  try {
    // What JSON.stringify writes is what is judged: numbers beyond all bounds become null.
    return JSON.parse(JSON.stringify(JSON.parse(text)));
  } catch {
    return undefined;
  }
}

type Item = Record<string, unknown>;

function toItem(value: unknown, userConsent: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const { device_id: device, venue_id: venue, timestamp: time, position } = value as Item;
  const { longitude, latitude, accuracy: acc, floor } = (position ?? {}) as Item;
  return { device, venue, time, lonlat: [longitude, latitude], acc, floor, userConsent };
}

function statusOf(
  value: unknown,
  item: unknown,
  sender: { venueId: string; deviceId: string },
  oracle: ContractOracle,
  nowMs: number,
): number {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return 400;
  const { venue, device, userConsent } = item as Item;
  if (typeof venue === "string" && venue !== sender.venueId) return 401;
  if (typeof device === "string" && device !== sender.deviceId) return 401;
  if (userConsent !== true) return 400;
  return STATUS[oracle.outcomeOf(value, sender, nowMs)] ?? 400;
}
