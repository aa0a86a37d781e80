import { expect, test } from "vitest";
import { isNewEnough, parseServerVersion } from "./redis-server.mjs";

test.each([
  ["redis-server", "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64", "redis", "7.0.15"],
  ["redis-server", "Valkey server v=8.1.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64", "valkey", "8.1.1"],
  ["valkey-server", "Server v=7.2.5 sha=00000000:0 malloc=libc bits=64", "valkey", "7.2.5"],
])("reads the version of %s from %s", (command, output, kind, version) => {
  expect(parseServerVersion(command, output)).toEqual({ command, kind, version });
});

test("takes nothing for a version that is none", () => {
  expect(parseServerVersion("redis-server", "redis-server: command not found")).toBeUndefined();
});

test.each(
  /** @type {const} */ ([
    ["redis", "7.0.0", true],
    ["redis", "6.2.14", false],
    ["redis", "8.0.2", true],
    ["redis", "10.0.0", true],
    ["valkey", "7.2.5", true],
    ["valkey", "7.0.0", false],
    ["valkey", "8.0.1", true],
  ]),
)("%s %s is new enough: %s", (kind, version, enough) => {
  expect(isNewEnough({ command: "", kind, version })).toBe(enough);
});
