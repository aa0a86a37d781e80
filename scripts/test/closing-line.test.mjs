import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { closingLine } from "./closing-line.mjs";

/** @param {string} content */
function lineFor(content) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "encounter-report-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, "report.json");
  writeFileSync(file, content);
  return closingLine(file);
}

const passing = { status: "passed", assertionResults: [{ status: "passed" }] };
const failing = { status: "failed", assertionResults: [{ status: "failed" }, { status: "failed" }] };
const unreadable = { status: "failed", assertionResults: [] };

test("counts what passed, failed and was skipped, and a file that could not be run as a failure", () => {
  const counts = { numPassedTests: 1, numPendingTests: 0 };
  expect(lineFor(JSON.stringify({ ...counts, testResults: [passing] }))).toBe("1 passed, 0 failed");
  const all = { ...counts, numPendingTests: 4, testResults: [passing, failing, unreadable] };
  expect(lineFor(JSON.stringify(all))).toBe("1 passed, 3 failed, 4 skipped");
});

test("claims nothing without a report", () => {
  expect(lineFor("{")).toBe("The tests did not run to their end: there is no report.");
});
