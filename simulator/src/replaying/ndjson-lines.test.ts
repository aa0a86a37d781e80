import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LINE_LENGTH_MAX, linesOf } from "./ndjson-lines.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "lines-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

async function read(content: string | Buffer, name = "file.ndjson") {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  const [lines, progress]: [[number, string | null][], number[]] = [[], []];
  for await (const some of linesOf(file, (bytes) => progress.push(bytes))) {
    for (const { number, text } of some) lines.push([number, text]);
  }
  return { lines, progress };
}

const content = '{"a":1}\n\n  \n{"b":2}\r\n{"c":"é😀"}';
const expected = [
  [1, '{"a":1}'],
  [4, '{"b":2}'],
  [5, '{"c":"é😀"}'],
];

describe("lines of a file", () => {
  test("plain: LF and CRLF, blank lines counted and left out, the last without an end", async () => {
    expect((await read(content)).lines).toEqual(expected);
  });

  test("gzipped, whatever it is called, and in several parts", async () => {
    expect((await read(gzipSync(content))).lines).toEqual(expected);
    const parts = [content.slice(0, 9), content.slice(9)].map((part) => gzipSync(part));
    expect((await read(Buffer.concat(parts), "file.gz")).lines).toEqual(expected);
  });

  test("an empty file has none", async () => {
    expect((await read("")).lines).toEqual([]);
    expect((await read("\n\n")).lines).toEqual([]);
  });

  test("many, in pieces that cut lines and characters in two", async () => {
    const many = Array.from({ length: 30_000 }, (_, i) => `{"n":${i},"text":"é😀"}`);
    const { lines, progress } = await read(`${many.join("\n")}\n`);
    expect(lines.map(([, text]) => text)).toEqual(many);
    expect(lines.map(([number]) => number)).toEqual(many.map((_, i) => i + 1));
    expect(progress.length).toBeGreaterThan(2);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
  });

  test("a line too long to keep is told by its number alone, and the next is read", async () => {
    const long = "x".repeat(LINE_LENGTH_MAX + 1);
    const fits = "y".repeat(LINE_LENGTH_MAX);
    expect((await read(`1\n${long}\n3\n${fits}\n5`)).lines).toEqual([
      [1, "1"],
      [2, null],
      [3, "3"],
      [4, fits],
      [5, "5"],
    ]);
  });

  test("a file that is cut off or not there is an error", async () => {
    await expect(read(gzipSync(content).subarray(0, 30), "cut.gz")).rejects.toThrow("unexpected end of file");
    await expect(async () => {
      for await (const _ of linesOf(path.join(folder, "missing"), () => {}));
    }).rejects.toThrow("ENOENT");
  });
});
