import { describe, expect, test } from "vitest";
import { REPLAY_HELP, readReplayOptions } from "./replay-options.ts";
import { readSimulateOptions, SIMULATE_HELP } from "./simulate-options.ts";
import { UsageError } from "./usage-error.ts";

const NOW = Date.UTC(2026, 2, 1, 8, 0, 30);

function simulate(...argv: string[]) {
  return readSimulateOptions(argv, {}, NOW);
}

describe("options of npm run simulate", () => {
  test("have defaults that run", () => {
    expect(simulate()).toMatchObject({
      devices: 100,
      venueIds: ["demo"],
      intervalMs: 15_000,
      buildings: 1,
      startMs: null,
      durationMs: Infinity,
      speed: 1,
      batch: 100,
      doors: { positionsUrl: "ws://127.0.0.1:8080/v1/positions", apiUrl: "http://127.0.0.1:8081" },
    });
  });

  test("say when: now, ago, or a moment; and how long", () => {
    expect(simulate("--start", "-60m").startMs).toBe(NOW - 3_600_000);
    expect(simulate("--start=-90s").startMs).toBe(NOW - 90_000);
    expect(simulate("--start", "2026-03-01T07:00:00+01:00").startMs).toBe(Date.UTC(2026, 2, 1, 6));
    expect(simulate("--start", "1700000000000").startMs).toBe(1_700_000_000_000);
    expect(simulate("--minutes", "2.5").durationMs).toBe(150_000);
    expect(simulate("--duration", "2h").durationMs).toBe(7_200_000);
    expect(simulate("--minutes", "30", "--speed", "60")).toMatchObject({ startMs: null, speed: 60 });
    expect(simulate("--minutes", "30", "--speed", "max").speed).toBe(Infinity);
  });

  test("follow the services' ports and take the person's word over them", () => {
    const environment = { INGEST_PORT: "9000", API_PORT: "9001" };
    const { doors } = readSimulateOptions(["--api", "http://host:7000/"], environment, NOW);
    expect(doors).toMatchObject({ positionsUrl: "ws://127.0.0.1:9000/v1/positions", apiUrl: "http://host:7000" });
    expect(simulate("--ingest", "https://host").doors.positionsUrl).toBe("wss://host/v1/positions");
  });

  test("use a venue of its own to verify, and number several", () => {
    expect(simulate("--verify").venueIds).toEqual(["verify-20260301T080030"]);
    expect(simulate("--verify", "--venue", "mine").venueIds).toEqual(["mine"]);
    expect(simulate("--venues", "3").venueIds).toEqual(["demo-1", "demo-2", "demo-3"]);
  });

  test("build as many houses as the people need", () => {
    expect(simulate("--devices", "1000").buildings).toBe(3);
    expect(simulate("--devices", "1000", "--venues", "5").buildings).toBe(1);
    expect(simulate("--devices", "500", "--first-device", "501").buildings).toBe(3);
    expect(simulate("--devices", "1000", "--buildings", "1").buildings).toBe(1);
  });

  test("give everybody a desk, on however many floors", () => {
    expect(simulate().floors).toBe(3);
    expect(simulate("--devices", "10000", "--floors", "1")).toMatchObject({ floors: 1, buildings: 40 });
    expect(simulate("--devices", "1000", "--floors", "6").buildings).toBe(1);
    expect(simulate("--devices", "1000000").buildings).toBe(50);
  });

  test.each([
    [["--devices", "0"], "--devices is a whole number from 1"],
    [["--devices", "many"], 'not "many"'],
    [["--device", "5"], "Unknown option '--device'"],
    [["--devices"], "--devices"],
    [["file"], '"file" is no option'],
    [["--inside", "1.5"], "--inside is a number from 0.01 to 1"],
    [["--accuracy", "2"], "fixed:METRES"],
    [["--at", "8.55"], "LONGITUDE,LATITUDE"],
    [["--at", "8,95"], "LONGITUDE,LATITUDE"],
    [["--start", "yesterday"], "--start is a moment"],
    [["--start", "2030-01-01T00:00:00Z"], "lies in the future"],
    [["--speed", "60"], "--start -60m, or --minutes"],
    [["--minutes", "5", "--duration", "5m"], "give one"],
    [["--ingest", "8080"], "--ingest is a URL"],
    [["--setting", "max_accuracy"], "NAME=VALUE"],
    [["--plan", "x", "--buildings", "2"], "--plan is used as it is"],
    [["--plan", "x", "--floors", "1"], "--plan is used as it is"],
    [["--floors", "0"], "--floors is a whole number from 1"],
  ])("%j is refused with a sentence that helps", (argv, sentence) => {
    expect(() => simulate(...argv)).toThrow(UsageError);
    expect(() => simulate(...argv)).toThrow(sentence);
  });

  test("settings are read as JSON where they are JSON", () => {
    const { venueSettings } = simulate(
      "--setting",
      "max_accuracy=10",
      "--setting",
      "name=Big hall",
      "--setting",
      "mappedin=true",
    );
    expect(venueSettings).toEqual({ max_accuracy: 10, name: "Big hall", mappedin: true });
  });
});

describe("options of npm run replay", () => {
  test("name one file and how to send it", () => {
    expect(readReplayOptions(["day.ndjson", "--venue", "v", "--speed", "60"], {})).toMatchObject({
      file: "day.ndjson",
      venueId: "v",
      speed: 60,
      shift: { kind: "to-now" },
      window: 1,
    });
    expect(readReplayOptions(["f", "--shift-minutes", "-5"], {})!.shift).toEqual({ kind: "by-minutes", minutes: -5 });
    expect(readReplayOptions(["f", "--no-shift"], {})!.shift).toEqual({ kind: "none" });
    expect(readReplayOptions(["--help"], {})).toBeNull();
  });

  test.each([
    [[], "which file?"],
    [["a", "b"], "one file at a time"],
    [["a", "--no-shift", "--shift-minutes", "1"], "give one"],
    [["a", "--frame", "1001"], "from 1 to 1000"],
  ])("%j is refused with a sentence that helps", (argv, sentence) => {
    expect(() => readReplayOptions(argv, {})).toThrow(sentence);
  });
});

test("help lists every option once, in lines that fit", () => {
  for (const [help, names] of [
    [SIMULATE_HELP, ["devices", "accuracy", "start", "socket-per-device", "operator-token-file", "truth", "help"]],
    [REPLAY_HELP, ["venue", "no-shift", "speed", "send-bad", "give-up", "summary", "help"]],
  ] as const) {
    for (const name of names) expect(help.match(new RegExp(`^  --${name}( |$)`, "gm"))?.length, name).toBe(1);
    expect(Math.max(...help.split("\n").map((line) => line.length))).toBeLessThanOrEqual(120);
  }
});
