import path from "node:path";
import { expect, test } from "vitest";
import { callerFolder, root } from "../root.mjs";
import { readOptions } from "./options.mjs";

test("without a word everything starts on its usual place", () => {
  expect(readOptions([], {})).toEqual({
    help: false,
    simulator: true,
    dataDir: path.join(root, ".data"),
    host: "127.0.0.1",
    ingestPort: 8080,
    apiPort: 8081,
    redisUrl: undefined,
    operatorToken: undefined,
    logLevel: "info",
  });
});

test("flags and environment are taken, paths from where the person stands", () => {
  const options = readOptions(["--no-simulator", "--data-dir", "elsewhere"], {
    INGEST_PORT: "0",
    REDIS_URL: "redis://r",
  });
  expect(options).toMatchObject({ simulator: false, ingestPort: 0, redisUrl: "redis://r" });
  expect(options.dataDir).toBe(path.resolve(callerFolder, "elsewhere"));
});

test.each([
  [["--unknown"], {}, "Unknown option '--unknown'"],
  [["extra"], {}, "Unexpected argument 'extra'"],
  [[], { API_PORT: "http" }, "API_PORT=http is not a port"],
  [[], { API_PORT: "65536" }, "API_PORT=65536 is not a port"],
  [[], { API_PORT: "8080" }, "INGEST_PORT and API_PORT are both 8080"],
])("%j with %j is refused in one line", (args, env, message) => {
  expect(() => readOptions(args, env)).toThrow(message);
  expect(() => readOptions(args, env)).toThrow(/^[^\n]*$/);
});
