import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { OperatorDoorError } from "../src/operator/operator-door.ts";
import { readSimulateOptions } from "../src/options/simulate-options.ts";
import { UsageError } from "../src/options/usage-error.ts";
import { runSimulation } from "../src/simulating/run.ts";
import { Random } from "../src/world/random.ts";
import { anyMishap, type Stage, startStage } from "./stage.ts";
import type { StandIn } from "./stand-in.ts";

let stage: Stage;
let services: StandIn;
let folder: string;
let said: string;

beforeEach(async () => {
  stage = await startStage();
  ({ services, folder } = stage);
  said = "";
});

afterEach(() => stage.stop());

function write(text: string): boolean {
  said += text;
  return true;
}

async function simulate(...args: string[]) {
  const summaryFile = path.join(folder, "summary.json");
  const doors = ["--ingest", services.ingestUrl, "--api", services.apiUrl, "--summary", summaryFile];
  const options = readSimulateOptions([...doors, ...args], { OPERATOR_TOKEN: services.token }, Date.now());
  const ok = await runSimulation(options, options.seed ?? "1", { write });
  return { ok, summary: JSON.parse(readFileSync(summaryFile, "utf8")) };
}

describe("npm run simulate", () => {
  test("creates venue, plan and key, sends, checks every answer, verifies, and takes its key back", async () => {
    const { summary } = await simulate(
      "--devices",
      "60",
      "--minutes",
      "12",
      "--speed",
      "max",
      "--verify",
      "--venue",
      "v",
    );
    expect(said).toContain("60 devices in venue v");
    expect(said).toMatch(/contacts +[\d,]+ found, [\d,]+ by brute force over what was accepted: equal/);
    expect(summary).toMatchObject({ ok: true, devices: 60, unacknowledged: 0, unexpected: 0 });
    expect(summary.outcomes.accepted).toBe(services.stored("v"));
    expect(services.venues.get("v")!.plan.features.length).toBeGreaterThan(100);
    expect(services.keys.size).toBe(0);
    const [verification] = summary.verification;
    expect(verification.contacts.found).toBeGreaterThan(50);
    expect(verification.contacts.equal && verification.certain_contacts.equal).toBe(true);
    expect(verification.stored).toMatchObject({ missing: 0, wrong: 0, foreign: 0 });
    // Whoever is truly near is seen as possibly near; whoever is surely near is truly near.
    expect(verification.possible_against_truth.minute_recall).toBeGreaterThan(0.97);
    expect(verification.certain_against_truth.minute_precision).toBeGreaterThan(0.95);
  });

  test.each([
    ["a gateway", []],
    ["sockets of their own", ["--socket-per-device"]],
  ])("loses nothing and stores nothing twice through every mishap, on %s", async (_, how) => {
    services.mishapOf = anyMishap(new Random(5), 0.08);
    const unreliable = ["--dropout", "0.03", "--outage", "10ms", "--resend", "0.1"];
    const { ok, summary } = await simulate(
      "--devices",
      "20",
      "--minutes",
      "8",
      "--speed",
      "max",
      "--batch",
      "10",
      "--verify",
      ...unreliable,
      ...how,
    );
    expect(said).toContain("every answer as the contract says");
    expect(summary).toMatchObject({ ok: true, unacknowledged: 0, unexpected: 0 });
    expect(ok).toBe(true);
    expect(summary.busy + summary.unknown).toBeGreaterThan(0);
    expect(summary.reconnects).toBeGreaterThan(0);
    expect(summary.resent).toBeGreaterThan(0);
  });

  test("tells its last minutes again when the store went back in time", async () => {
    let lost = false;
    services.mishapOf = (frame) => {
      if (frame === 40) {
        services.loseSince(services.arrived[services.arrived.length - 1]!.timestamp - 3 * 60_000);
        lost = true;
      }
      return null;
    };
    const { ok, summary } = await simulate(
      "--devices",
      "20",
      "--minutes",
      "10",
      "--speed",
      "max",
      "--batch",
      "10",
      "--window",
      "1",
      "--verify",
    );
    expect(lost).toBe(true);
    expect(summary).toMatchObject({ ok: true, epoch_changes: 1, unexpected: 0 });
    expect(summary.verification[0].stored.missing).toBe(0);
    expect(ok).toBe(true);
  });

  test("says so when the server has a second effect, or loses what it acknowledged", async () => {
    services.mishapOf = (frame) => {
      if (frame === 20) for (const { minutes } of services.venues.values()) minutes.clear();
      return null;
    };
    const { ok, summary } = await simulate(
      "--devices",
      "20",
      "--minutes",
      "6",
      "--speed",
      "max",
      "--batch",
      "10",
      "--verify",
    );
    expect(ok).toBe(false);
    expect(summary.ok).toBe(false);
    expect(summary.unexpected).toBeGreaterThan(0);
    expect(summary.unexpected_examples[0]).toContain("accepted a second fix in one minute");
    expect(said).toContain("UNEXPECTED");
  });

  test("moves and errs the same for the same seed", async () => {
    const run = async (venue: string) => {
      await simulate(
        "--devices",
        "10",
        "--minutes",
        "2",
        "--start",
        "2001-09-09T01:46:40Z",
        "--speed",
        "max",
        "--seed",
        "same",
        "--venue",
        venue,
        "--setting",
        "retention_days=36500",
      );
      return services.arrived
        .splice(0)
        .map(({ device_id, timestamp, position }) => ({ device_id, timestamp, position }));
    };
    const byDevice = (fixes: Awaited<ReturnType<typeof run>>) =>
      fixes.sort((a, b) => a.device_id.localeCompare(b.device_id) || a.timestamp - b.timestamp);
    const first = byDevice(await run("one"));
    expect(first.length).toBeGreaterThan(70);
    expect(byDevice(await run("two"))).toEqual(first);
  });

  test("writes where everyone was, with the truth within the circle as often as promised", async () => {
    const file = path.join(folder, "truth.ndjson");
    const { summary } = await simulate(
      "--devices",
      "20",
      "--minutes",
      "6",
      "--speed",
      "max",
      "--truth",
      file,
      "--inside",
      "0.9",
    );
    const lines = readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const fixes = lines.filter(({ kind }) => kind === "fix");
    expect(fixes.length).toBe(summary.fixes);
    expect(fixes.filter(({ outcome }) => outcome === "accepted").length).toBe(summary.outcomes.accepted);
    const minutes = lines.filter(({ kind }) => kind === "minute");
    expect(new Set(minutes.map(({ device_id, minute }) => `${device_id} ${minute}`)).size).toBe(minutes.length);
    expect(minutes.length).toBeGreaterThanOrEqual(20 * 6);
    expect(fixes[0].truth).toEqual({
      latitude: expect.any(Number),
      longitude: expect.any(Number),
      floor: expect.any(Number),
    });
  });

  test("spreads devices over venues and verifies each", async () => {
    const { summary } = await simulate(
      "--devices",
      "30",
      "--venues",
      "3",
      "--venue",
      "v",
      "--minutes",
      "6",
      "--speed",
      "max",
      "--verify",
    );
    expect(summary.venues).toEqual(["v-1", "v-2", "v-3"]);
    expect(summary.verification.map(({ contacts }: { contacts: { equal: boolean } }) => contacts.equal)).toEqual([
      true,
      true,
      true,
    ]);
    expect(summary.ok).toBe(true);
  });

  test("gives up with one clear sentence where it is not let in", async () => {
    await expect(simulate("--devices", "1", "--key", "no such key")).rejects.toThrow(
      /HTTP 401.*is the key one of venue demo/,
    );
    services.keys.clear();
    const options = readSimulateOptions(["--api", services.apiUrl], { OPERATOR_TOKEN: "wrong" }, Date.now());
    await expect(runSimulation(options, "1", process.stderr)).rejects.toThrow(OperatorDoorError);
    await expect(runSimulation(options, "1", process.stderr)).rejects.toThrow("the operator token was refused");
    const nothing = readSimulateOptions(["--operator-token-file", path.join(folder, "none")], {}, Date.now());
    await expect(runSimulation(nothing, "1", process.stderr)).rejects.toThrow(UsageError);
  });
});
