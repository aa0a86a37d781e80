/**
 * The few MessagePack forms that scripts are handed and streams hold: Redis unpacks them in C, into strings and
 * numbers that need no parsing.
 */

/** Writes them, one after the other. */
export class PackWriter {
  private buffer: Uint8Array;
  private view: DataView;
  private length = 0;
  private readonly encoder = new TextEncoder();

  /** @param capacity bytes to begin with; it grows as needed */
  constructor(capacity: number) {
    this.buffer = new Uint8Array(capacity);
    this.view = new DataView(this.buffer.buffer);
  }

  /** What was written. */
  bytes(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  /** Begins an array: that many values follow. */
  array(length: number): void {
    this.reserve(5);
    this.buffer[this.length] = 0xdd;
    this.view.setUint32(this.length + 1, length);
    this.length += 5;
  }

  double(value: number): void {
    this.reserve(9);
    this.buffer[this.length] = 0xcb;
    this.view.setFloat64(this.length + 1, value);
    this.length += 9;
  }

  text(text: string): void {
    this.reserve(3 + text.length * 3);
    const start = this.length + 3;
    const written = this.ascii(text, start) ?? this.encoder.encodeInto(text, this.buffer.subarray(start)).written;
    this.buffer[this.length] = 0xda;
    this.view.setUint16(this.length + 1, written);
    this.length = start + written;
  }

  /** A string of up to 31 bytes that the caller writes at the offset it is given. */
  record(byteLength: number, write: (view: DataView, at: number) => void): void {
    this.reserve(1 + byteLength);
    this.buffer[this.length] = 0xa0 | byteLength;
    write(this.view, this.length + 1);
    this.length += 1 + byteLength;
  }

  /** Most ids are short and ASCII: a loop is quicker than the encoder. */
  private ascii(text: string, start: number): number | null {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) return null;
      this.buffer[start + i] = code;
    }
    return text.length;
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(this.buffer.length * 2, this.length + bytes));
    grown.set(this.buffer.subarray(0, this.length));
    this.buffer = grown;
    this.view = new DataView(grown.buffer);
  }
}

/** Reads what a {@link PackWriter} wrote, in the same order. */
export class PackReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private at = 0;
  private readonly decoder = new TextDecoder();

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  array(): number {
    this.at += 5;
    return this.view.getUint32(this.at - 4);
  }

  double(): number {
    this.at += 9;
    return this.view.getFloat64(this.at - 8);
  }

  text(): string {
    const start = this.at + 3;
    this.at = start + this.view.getUint16(this.at + 1);
    return this.decoder.decode(this.bytes.subarray(start, this.at));
  }

  /** A string of `byteLength` bytes that the caller reads at the offset it is given. */
  record<Value>(byteLength: number, read: (view: DataView, at: number) => Value): Value {
    this.at += 1 + byteLength;
    return read(this.view, this.at - byteLength);
  }
}
