/** The oldest versions without known holes, by their lines; later lines have none that are known. */
const advised = ["7.0.15", "7.2.11", "8.6.3", "8.8.2"];

/**
 * Words about a Redis that is new enough to run on but older than is safe.
 * @param {string} command
 * @param {string} version of Redis; Valkey's are not judged
 * @returns {string | undefined} nothing where there is nothing to say
 */
export function olderThanAdvised(command, version) {
  if (!command.includes("redis")) return undefined;
  const found = partsOf(version);
  const lines = advised.map(partsOf);
  const floor =
    lines.find(([major, minor]) => major === found[0] && minor === found[1]) ??
    lines.find((line) => compare(line, found) > 0);
  if (floor === undefined || compare(found, floor) >= 0) return undefined;
  return `Redis ${version} has known holes: install ${floor.join(".")} or later when you can.`;
}

/** @param {string} version */
function partsOf(version) {
  return version.split(".").map(Number);
}

/**
 * @param {number[]} a
 * @param {number[]} b
 */
function compare(a, b) {
  for (let i = 0; i < 3; i++) if (a[i] !== b[i]) return (a[i] ?? 0) - (b[i] ?? 0);
  return 0;
}
