import { spawn } from "node:child_process";
import os from "node:os";

/**
 * @typedef {{ code: number, stdout: string, output: string }} Ended `output` is stdout and stderr as they came
 * @typedef {import("node:child_process").SpawnOptions & { quiet?: boolean }} RunOptions
 */

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options] `quiet` gathers stdout and stderr instead of showing them
 * @returns {Promise<Ended>} the exit code (128 + the signal's number if a signal ended it, 127 if it could not start)
 */
export function run(command, args, { quiet = false, ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: quiet ? ["ignore", "pipe", "pipe"] : "inherit", ...options });
    let stdout = "";
    let output = "";
    child.stdout?.setEncoding("utf8").on("data", (text) => {
      stdout += text;
      output += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    child.on("error", (error) => resolve({ code: 127, stdout, output: error.message }));
    child.on("close", (code, signal) => resolve({ code: exitCode(code, signal), stdout, output }));
  });
}

/**
 * The code a shell would report.
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
export function exitCode(code, signal) {
  return code ?? 128 + (signal ? os.constants.signals[signal] : 0);
}
