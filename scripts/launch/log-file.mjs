import { closeSync, existsSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";

/** A log that cannot fill the disk: at most two files of about this size. */
const FILE_BYTES_MAX = 8 * 1024 * 1024;

/** A program's output, kept in FILE and, what came before, in FILE.1. */
export class LogFile {
  /**
   * @param {string} file
   * @param {number} [bytesMax]
   */
  constructor(file, bytesMax = FILE_BYTES_MAX) {
    this.file = file;
    this.bytesMax = bytesMax;
    this.#open();
  }

  #descriptor = -1;
  #bytes = 0;

  #open() {
    this.#descriptor = openSync(this.file, "a", 0o600);
    this.#bytes = fstatSync(this.#descriptor).size;
  }

  /** @param {string} line without its end */
  write(line) {
    try {
      if (this.#bytes >= this.bytesMax) this.#rotate();
      this.#bytes += writeSync(this.#descriptor, `${line}\n`);
    } catch {
      // A full disk must not end the launcher: Redis and the services say so themselves.
    }
  }

  #rotate() {
    closeSync(this.#descriptor);
    if (existsSync(this.file)) renameSync(this.file, `${this.file}.1`);
    this.#open();
  }
}
