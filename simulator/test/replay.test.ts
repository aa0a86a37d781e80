import { writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { MINUTE_MS, minuteOf } from "@encounter/core/domain/minute";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readReplayOptions } from "../src/options/replay-options.ts";
import { isGood, reportJson } from "../src/replaying/report.ts";
import { replayFile } from "../src/replaying/run.ts";
import { replaySummaryLines } from "../src/view/replay-summary.ts";
import { Random } from "../src/world/random.ts";
import { anyMishap, type Stage, startStage } from "./stage.ts";
import type { StandIn } from "./stand-in.ts";

const RECORDED_MS = 1_587_696_600_000;

let stage: Stage;
let services: StandIn;
let file: string;

beforeEach(async () => {
  stage = await startStage();
  services = stage.services;
  file = path.join(stage.folder, "recorded.ndjson");
});

afterEach(() => stage.stop());

const fixAt = (device: string, timestamp: number, venue = "v") =>
  JSON.stringify({
    device_id: device,
    venue_id: venue,
    timestamp,
    position: { latitude: 45, longitude: 8, floor: 0, accuracy: 1 },
  });

async function replay(...args: string[]) {
  const doors = ["--ingest", services.ingestUrl, "--api", services.apiUrl, "--quiet"];
  const options = readReplayOptions([file, ...doors, ...args], { OPERATOR_TOKEN: services.token })!;
  const silent = { output: process.stderr, surveying: () => {}, surveyed: () => {}, evaluating: () => {} };
  return replayFile(options, silent);
}

describe("npm run replay", () => {
  test("sends a file in the order of its lines, shifted by whole minutes to end now", async () => {
    const times = [30_000, 90_500, 5_000, 610_000, 60_000, 59_999].map((afterMs) => RECORDED_MS + afterMs);
    writeFileSync(file, times.map((timestamp, i) => fixAt(`d${i}`, timestamp)).join("\n"));
    const nowMs = Date.now();
    const report = await replay("--speed", "max", "--frame", "2", "--wait");
    expect(isGood(report)).toBe(true);
    expect(services.arrived.map(({ device_id }) => device_id)).toEqual(["d0", "d1", "d2", "d3", "d4", "d5"]);
    const newest = minuteOf(Math.max(...services.arrived.map(({ timestamp }) => timestamp)));
    expect([minuteOf(nowMs) - 1, minuteOf(Date.now()) - 1]).toContain(newest);
    services.arrived.forEach(({ timestamp }, i) => {
      expect((timestamp - times[i]!) % MINUTE_MS).toBe(0);
      expect(timestamp - times[i]!).toBe(report.shiftedByMs);
    });
  });

  test("makes venues ready by itself: each its own key, and old fixes are kept", async () => {
    const lines = [
      fixAt("a", RECORDED_MS, "one"),
      fixAt("b", RECORDED_MS + 100 * 86_400_000, "two"),
      fixAt("c", RECORDED_MS, "two"),
    ];
    writeFileSync(file, gzipSync(lines.join("\r\n")));
    const report = await replay("--speed", "max");
    expect(Object.fromEntries(report.tally.outcomes)).toEqual({ accepted: 3 });
    expect([services.stored("one"), services.stored("two")]).toEqual([1, 2]);
    expect(services.venues.get("one")!.settings.retention_days).toBeGreaterThanOrEqual(100);
    expect(services.keys.size).toBe(0);
  });

  test("keeps the wider retention of a venue that is there", async () => {
    writeFileSync(file, fixAt("a", RECORDED_MS));
    await replay("--speed", "max");
    services.venues.get("v")!.settings.retention_days = 500;
    await replay("--speed", "max", "--setting", "max_accuracy=9");
    expect(services.venues.get("v")!.settings).toMatchObject({ retention_days: 500, max_accuracy: 9 });
  });

  test("the order holds through every mishap, and everything is acknowledged", async () => {
    services.mishapOf = anyMishap(new Random(7), 0.15);
    // Two fixes of each device and minute that differ: whichever arrives first counts.
    const lines = Array.from({ length: 400 }, (_, i) =>
      fixAt(`d${i % 20}`, RECORDED_MS + Math.floor(i / 40) * MINUTE_MS + (i % 40) * 100),
    );
    writeFileSync(file, lines.join("\n"));
    const report = await replay("--speed", "max", "--frame", "7", "--no-shift", "--setting", "retention_days=3650");
    expect(report.isComplete).toBe(true);
    expect(report.tally.acknowledged).toBe(400);
    expect(report.tally.resent).toBeGreaterThan(0);
    const { minutes } = services.venues.get("v")!;
    const stored = [...minutes.values()].flatMap((devices) => [...devices.values()].map(({ timestamp }) => timestamp));
    const first = lines.map((line) => JSON.parse(line).timestamp).filter((_, i) => i % 40 < 20);
    expect(stored.sort()).toEqual(first.sort());
  });

  test("bad lines are told with number and reason, not sent, unless that is wanted", async () => {
    const lines = [fixAt("a", RECORDED_MS), "not json", fixAt("", RECORDED_MS), "", fixAt("b", RECORDED_MS)];
    writeFileSync(file, lines.join("\n"));
    const report = await replay("--speed", "max");
    expect(reportJson(report)).toMatchObject({
      ok: true,
      fixes: 2,
      bad_lines: 2,
      bad_line_examples: [
        { line: 2, reason: expect.stringContaining("not JSON") },
        { line: 3, reason: expect.stringContaining("device_id") },
      ],
    });
    expect(services.arrived.length).toBe(2);
    const again = await replay("--speed", "max", "--send-bad");
    expect(isGood(again)).toBe(true);
    expect(Object.fromEntries(again.tally.outcomes)).toEqual({ repeated: 2, invalid: 1 });
    expect(again.tally.badFrames).toBe(1);
    expect(reportJson(again)).toMatchObject({
      refusals: expect.arrayContaining([expect.objectContaining({ first_line: 3 })]),
    });
  });

  test("goes at the recorded pace, so many times faster", async () => {
    writeFileSync(file, [0, 30_000, 60_000].map((afterMs, i) => fixAt(`d${i}`, RECORDED_MS + afterMs)).join("\n"));
    const startedMs = performance.now();
    const report = await replay("--speed", "120");
    expect(report.isComplete).toBe(true);
    const tookMs = performance.now() - startedMs;
    expect(tookMs).toBeGreaterThan(490);
    expect(services.frames).toBe(3);
  });

  test("gives up where nothing is acknowledged, says so, and is not good", async () => {
    services.mishapOf = () => "busy";
    writeFileSync(file, fixAt("a", RECORDED_MS));
    const report = await replay("--speed", "max", "--give-up", "500ms");
    expect(isGood(report)).toBe(false);
    expect(reportJson(report)).toMatchObject({ ok: false, unacknowledged: 1 });
    expect(replaySummaryLines(report).join("\n")).toMatch(/GIVEN UP.*1 NEVER ACKNOWLEDGED/s);
  });

  test("says what is wrong with a file that cannot be used", async () => {
    await expect(replay()).rejects.toThrow("cannot read");
    writeFileSync(file, "no\nfix\n");
    await expect(replay()).rejects.toThrow("holds no fix; line 1 is not JSON");
    writeFileSync(file, gzipSync(fixAt("a", RECORDED_MS)).subarray(0, 40));
    await expect(replay()).rejects.toThrow("cannot be read to its end");
  });
});
