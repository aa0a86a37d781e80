import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { DEFAULT_LIMITS as api } from "../../api/src/config.ts";
import { DEFAULT_LIMITS as ingest } from "../../ingest/src/config.ts";
import { root } from "../root.mjs";

/** The cells of every row of docs/LIMITS.md that is about a limit. */
const rows = readFileSync(path.join(root, "docs", "LIMITS.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );

test("docs/LIMITS.md has every limit of both doors with its default, and no other", () => {
  const written = rows.map(([name = "", first, second, ...rest]) => {
    return [name.replaceAll("`", ""), Number(first), ...(rest.length > 1 ? [Number(second)] : [])];
  });
  const inCode = new Map([...Object.keys(ingest), ...Object.keys(api)].map((name) => [name, [name]]));
  const expected = [...inCode.keys()].map((name) => [
    name,
    ...[ingest, api].flatMap((limits) => new Map(Object.entries(limits)).get(name) ?? []),
  ]);
  expect(written.sort()).toEqual(expected.sort());
});

test.each(rows.map((cells) => [cells[0], cells.at(-1)]))("%s names a test that is there: %s", (_, reached = "") => {
  const [, file = "", title = ""] = /^`(.+)`: (.+)$/.exec(reached) ?? [];
  expect(readFileSync(path.join(root, file), "utf8")).toContain(`test("${title}"`);
});
