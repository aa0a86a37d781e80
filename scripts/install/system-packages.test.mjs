import { expect, test } from "vitest";
import { candidateVersion } from "./system-packages.mjs";

test("reads the upstream version of a package that can be installed", () => {
  const policy =
    "redis-server:\n  Installed: (none)\n  Candidate: 5:7.0.15-1~deb12u5\n  Version table:\n     5:6.0.0-1 500\n";
  expect(candidateVersion(policy)).toBe("7.0.15");
});

test("knows a package without a candidate, and one that is unknown", () => {
  expect(candidateVersion("chromium:\n  Installed: (none)\n  Candidate: (none)\n")).toBeUndefined();
  expect(candidateVersion("")).toBeUndefined();
});
