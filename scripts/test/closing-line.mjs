import { readFileSync } from "node:fs";

/**
 * @typedef {object} Report what vitest's JSON reporter writes, as far as it is read here
 * @property {number} numPassedTests
 * @property {number} numPendingTests
 * @property {number} [numTodoTests]
 * @property {{ status: string, assertionResults: { status: string }[] }[]} testResults one per file
 */

/**
 * The outcome of a test run in one plain line. A file that could not be run counts as one failure.
 * @param {string} reportFile
 * @returns {string} such as `812 passed, 0 failed, 3 skipped`
 */
export function closingLine(reportFile) {
  /** @type {Report} */
  let report;
  try {
    report = JSON.parse(readFileSync(reportFile, "utf8"));
  } catch {
    return "The tests did not run to their end: there is no report.";
  }
  const skipped = report.numPendingTests + (report.numTodoTests ?? 0);
  const failed = report.testResults.map(failuresOf).reduce((sum, count) => sum + count, 0);
  return `${report.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** @param {Report["testResults"][number]} file */
function failuresOf({ status, assertionResults }) {
  const failed = assertionResults.filter((result) => result.status === "failed").length;
  return failed === 0 && status === "failed" ? 1 : failed;
}
