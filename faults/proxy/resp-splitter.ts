const CRLF = Buffer.from("\r\n");

/**
 * Cuts what a client sends to Redis into whole commands: RESP arrays of bulk strings, as every client library sends
 * them. What is not whole yet waits for the next bytes.
 */
export class RespSplitter {
  private rest: Buffer = Buffer.alloc(0);

  /** Takes some bytes and returns the commands that are whole now, each as its bytes. */
  add(bytes: Buffer): Buffer[] {
    this.rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    const commands: Buffer[] = [];
    let at = 0;
    for (let end = endOfCommand(this.rest, at); end !== null; end = endOfCommand(this.rest, at)) {
      commands.push(this.rest.subarray(at, end));
      at = end;
    }
    this.rest = this.rest.subarray(at);
    return commands;
  }
}

/** Where the command that starts at `start` ends, or null where its end has not come. */
function endOfCommand(bytes: Buffer, start: number): number | null {
  const header = readLength(bytes, start, "*");
  if (header === null) return null;
  let at = header.next;
  for (let member = 0; member < header.length; member++) {
    const bulk = readLength(bytes, at, "$");
    if (bulk === null) return null;
    at = bulk.next + bulk.length + CRLF.length;
    if (at > bytes.length) return null;
  }
  return at;
}

/** Reads `*3\r\n` or `$3\r\n`. @throws where it is another thing: the proxy would cut the stream at a wrong place */
function readLength(bytes: Buffer, at: number, mark: "*" | "$"): { length: number; next: number } | null {
  if (at >= bytes.length) return null;
  if (bytes[at] !== mark.charCodeAt(0)) throw new Error(`a client of Redis sent no ${mark} at ${at}`);
  const end = bytes.indexOf(CRLF, at);
  if (end < 0) return null;
  return { length: Number(bytes.toString("latin1", at + 1, end)), next: end + CRLF.length };
}
