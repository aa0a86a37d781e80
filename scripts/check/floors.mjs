import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../root.mjs";

/** The oldest versions without known holes that matter here, and one that is exactly what everything was tried with. */
export const floors = [
  { name: "ws", floor: "8.21.1" },
  { name: "fastify", floor: "5.12.2" },
  { name: "vite", floor: "8.0.5" },
  { name: "vitest", floor: "4.1.0" },
  { name: "maplibre-gl", floor: "6.4.1" },
  { name: "bullmq", floor: "6.7.0", isExact: true },
];

/**
 * Every copy of those packages that the lock installs and that is too old, or another than the exact one.
 * @param {{ packages: Record<string, { version?: string }> }} [lock]
 * @returns {string[]} one line each
 */
export function versionTroubles(lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8"))) {
  return floors.flatMap(({ name, floor, isExact = false }) => {
    const copies = Object.entries(lock.packages).filter(([place]) => place.endsWith(`node_modules/${name}`));
    if (copies.length === 0) return [`${name} is not in package-lock.json`];
    const bad = copies.filter(([, { version = "" }]) => (isExact ? version !== floor : isOlder(version, floor)));
    return bad.map(
      ([place, { version }]) => `${place} is ${version}, but must be ${floor}${isExact ? "" : " or later"}`,
    );
  });
}

/**
 * @param {string} version
 * @param {string} floor
 */
function isOlder(version, floor) {
  // What comes before a release is older than it.
  const [release = "", before] = version.split("-", 2);
  const parts = release.split(".").map(Number);
  for (const [i, least] of floor.split(".").map(Number).entries()) {
    if ((parts[i] ?? 0) !== least) return (parts[i] ?? 0) < least;
  }
  return before !== undefined;
}
