import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { createGunzip } from "node:zlib";

/** Longest line that is looked at, UTF-16 units. */
export const LINE_LENGTH_MAX = 1_048_576;

/** A line of a file that is not blank. */
export interface Line {
  /** Counted from 1, blank lines included. */
  readonly number: number;
  /** Without its line end; null where it is longer than {@link LINE_LENGTH_MAX}. */
  readonly text: string | null;
}

/**
 * The lines of a text file, plain or gzipped (told by its first bytes, not its name), a few at a time as they are
 * read: a file of any size needs little memory. Ends of line may be LF or CRLF.
 * @param onRead told how many bytes of the file were read, more each time
 * @throws Error where the file cannot be read or is not whole
 */
export async function* linesOf(file: string, onRead: (bytes: number) => void): AsyncGenerator<Line[]> {
  const gzipped = await isGzipped(file);
  const raw = createReadStream(file, { highWaterMark: 256 * 1024 });
  // Errors of either part come out where the last part is read.
  const source = gzipped ? pipeline(raw, createGunzip(), () => {}) : raw;
  const splitter = new LineSplitter();
  const decoder = new StringDecoder("utf8");
  for await (const chunk of source) {
    yield splitter.add(decoder.write(chunk as Buffer));
    onRead(raw.bytesRead);
  }
  yield splitter.add(`${decoder.end()}\n`);
}

async function isGzipped(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

/** Cuts text that comes in pieces into lines. */
class LineSplitter {
  private rest = "";
  private isTooLong = false;
  private count = 0;

  /** The lines that end in a piece. */
  add(piece: string): Line[] {
    const lines: Line[] = [];
    let start = 0;
    for (let end = piece.indexOf("\n"); end >= 0; end = piece.indexOf("\n", start)) {
      this.append(piece.slice(start, end));
      this.finish(lines);
      start = end + 1;
    }
    this.append(piece.slice(start));
    return lines;
  }

  private append(text: string): void {
    this.isTooLong ||= this.rest.length + text.length > LINE_LENGTH_MAX;
    this.rest = this.isTooLong ? "" : this.rest + text;
  }

  private finish(lines: Line[]): void {
    this.count++;
    const text = this.rest.endsWith("\r") ? this.rest.slice(0, -1) : this.rest;
    if (this.isTooLong) lines.push({ number: this.count, text: null });
    else if (text.trim() !== "") lines.push({ number: this.count, text });
    this.rest = "";
    this.isTooLong = false;
  }
}
