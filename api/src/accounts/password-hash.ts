import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";

const require = createRequire(import.meta.url);

/**
 * What OWASP asks of argon2id at least: 19 MiB, two passes. About 85 ms of one core, and as much for whoever guesses.
 */
const COST = { parallelism: 1, iterations: 2, memorySize: 19_456, hashLength: 32 };
const SALT_BYTES = 16;

/** Hashing takes longer than the live feed may wait, so it has a thread of its own. */
const THREAD = `
const { parentPort, workerData } = require("node:worker_threads");
const { argon2id, argon2Verify } = require(workerData);
parentPort.on("message", async ({ id, hash, verify }) => {
  try {
    const result = hash !== undefined ? await argon2id({ ...hash, outputType: "encoded" }) : await argon2Verify(verify);
    parentPort.postMessage({ id, result });
  } catch (error) {
    parentPort.postMessage({ id, error: String(error) });
  }
});
`;

interface Waiting {
  readonly resolve: (result: string | boolean) => void;
  readonly reject: (error: Error) => void;
}

interface ThreadAnswer {
  readonly id: number;
  readonly result?: string | boolean;
  readonly error?: string;
}

/** Hashes passwords with argon2id, one after another. */
export class PasswordHasher {
  private thread: Worker | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 0;
  /** A hash that no password has. */
  private readonly decoy = encoded(randomBytes(SALT_BYTES), randomBytes(COST.hashLength));

  /** What is stored of a password: algorithm, cost, salt and hash as one text. */
  hash(password: string): Promise<string> {
    return this.ask({ hash: { ...COST, password, salt: randomBytes(SALT_BYTES) } }) as Promise<string>;
  }

  /** Whether a password is the stored one. Where none is stored it takes as long, and is not. */
  async verify(password: string, storedHash: string | null): Promise<boolean> {
    const isSame = await this.ask({ verify: { password, hash: storedHash ?? this.decoy } });
    return isSame === true && storedHash !== null;
  }

  async stop(): Promise<void> {
    await this.thread?.terminate();
  }

  private ask(question: object): Promise<string | boolean> {
    this.thread ??= this.start();
    const id = this.nextId++;
    const answer = new Promise<string | boolean>((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    this.thread.postMessage({ id, ...question });
    return answer;
  }

  private start(): Worker {
    const thread = new Worker(THREAD, { eval: true, workerData: require.resolve("hash-wasm") });
    thread.unref();
    thread.on("message", ({ id, result, error }: ThreadAnswer) => {
      const { resolve, reject } = this.waiting.get(id) as Waiting;
      this.waiting.delete(id);
      if (result === undefined) reject(new Error(error));
      else resolve(result);
    });
    thread.on("exit", () => {
      this.thread = null;
      for (const { reject } of this.waiting.values()) reject(new Error("the hashing thread ended"));
      this.waiting.clear();
    });
    return thread;
  }
}

/** A hash as argon2's own text form has it. */
function encoded(salt: Buffer, hash: Buffer): string {
  const { memorySize, iterations, parallelism } = COST;
  const base64 = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "");
  return `$argon2id$v=19$m=${memorySize},t=${iterations},p=${parallelism}$${base64(salt)}$${base64(hash)}`;
}
