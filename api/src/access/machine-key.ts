import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What a key is used for: each has one of its own, so that what leaks of one says nothing of the others. */
type Purpose = "audit chain" | "audit anchor" | "audit device" | "audit mark" | "alias" | "throttle" | "second factor";

/** The key of this installation. It is never in Redis: who has only the store cannot forge or read what it made. */
export class MachineKey {
  private readonly text: string;
  private readonly keys = new Map<Purpose, Buffer>();

  constructor(text: string) {
    this.text = text;
  }

  /** A keyed hash, base64url of 32 bytes. */
  hash(purpose: Purpose, ...texts: readonly string[]): string {
    // As JSON, so that no two lists of texts read the same.
    return createHmac("sha256", this.keyFor(purpose)).update(JSON.stringify(texts)).digest("base64url");
  }

  /** Hides a secret that must be read again. */
  seal(secret: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.keyFor("second factor"), nonce);
    const hidden = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString("base64url");
  }

  /** What {@link seal} hid, or null where another key did. */
  unseal(sealed: string): string | null {
    const bytes = Buffer.from(sealed, "base64url");
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.keyFor("second factor"), nonce, {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(tag);
      const secret = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
      return secret.toString("utf8");
    } catch {
      return null;
    }
  }

  private keyFor(purpose: Purpose): Buffer {
    const known = this.keys.get(purpose);
    if (known !== undefined) return known;
    const made = Buffer.from(hkdfSync("sha256", this.text, "encounter", purpose, 32));
    this.keys.set(purpose, made);
    return made;
  }
}
