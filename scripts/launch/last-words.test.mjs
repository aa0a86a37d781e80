import { expect, test } from "vitest";
import { readRedisLine, readServiceLine, WarningOutlet } from "./last-words.mjs";

test("a service's log entry is read by its level, with the error's message", () => {
  const line = JSON.stringify({ level: 50, msg: "batch failed", err: { message: "no answer" } });
  expect(readServiceLine(line, true)).toEqual({ text: "batch failed: no answer", isWarning: true, isError: true });
  const info = JSON.stringify({ level: 30, msg: "ready" });
  expect(readServiceLine(info, true)).toEqual({ text: "ready", isWarning: false, isError: false });
});

test("a plain line on stderr is meant for a person", () => {
  expect(readServiceLine("ingest: OPERATOR_TOKEN must be set", true).isError).toBe(true);
  expect(readServiceLine("hello", false)).toEqual({ text: "hello", isWarning: false, isError: false });
});

test("Redis's warnings are read, its advice on system settings is not", () => {
  const stamp = "12519:M 21 Nov 2026 19:33:53.030";
  expect(readRedisLine(`${stamp} # Out of disk space`)).toMatchObject({ text: "Out of disk space", isError: true });
  expect(readRedisLine(`${stamp} # WARNING Memory overcommit must be enabled!`).isWarning).toBe(false);
  expect(readRedisLine(`${stamp} * Ready to accept connections`).isError).toBe(false);
  expect(readRedisLine("*** FATAL CONFIG FILE ERROR ***").isError).toBe(true);
});

test("a flood of warnings is cut, and goes on in the next window", () => {
  /** @type {string[]} */
  const shown = [];
  const outlet = new WarningOutlet((line) => shown.push(line), 2, 1_000);
  for (let i = 0; i < 50; i++) outlet.show(`warning ${i}`, "api.log", i);
  expect(shown).toEqual(["warning 0", "warning 1", "More such lines are in api.log."]);
  outlet.show("later", "api.log", 1_000);
  expect(shown.at(-1)).toBe("later");
});
