import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Trouble } from "../trouble.mjs";

/**
 * All state of one start: folders for Redis, logs and records of what runs, and secrets that only their owner can read.
 */
export class DataDir {
  /** @param {string} folder absolute; made if it is not there */
  constructor(folder) {
    this.folder = folder;
    this.redis = path.join(folder, "redis");
    this.logs = path.join(folder, "logs");
    this.run = path.join(folder, "run");
    for (const each of [this.folder, this.redis, this.logs, this.run]) makeFolder(each);
  }

  /** @param {string} name */
  file(name) {
    return path.join(this.folder, name);
  }

  /**
   * A secret that is made once and kept.
   * @param {string} name its file
   * @returns {string}
   */
  secret(name) {
    const file = this.file(name);
    if (!existsSync(file)) this.writePrivately(name, randomBytes(24).toString("base64url"));
    const secret = readFileSync(file, "utf8").trim();
    if (secret === "") throw new Trouble(`${file} is empty: delete it to have a new one made.`);
    return secret;
  }

  /**
   * @param {string} name
   * @param {string} content one line
   */
  writePrivately(name, content) {
    writeFileSync(this.file(name), `${content}\n`, { mode: 0o600 });
  }
}

/** @param {string} folder */
function makeFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Trouble(`Cannot make ${folder} (${/** @type {NodeJS.ErrnoException} */ (error).code}): set --data-dir.`);
  }
}
