import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** A certificate and its key, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Makes certificates for tests of TLS, just as much of X.509 (RFC 5280) as they need. */
export class TestAuthority implements Certificate {
  readonly cert: string;
  readonly key: string;
  private readonly name: string;
  private readonly privateKey: KeyObject;

  constructor(name: string) {
    const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.name = name;
    this.privateKey = pair.privateKey;
    this.key = pemOf(pair.privateKey);
    this.cert = this.certify(name, pair.publicKey, BASIC_CONSTRAINTS_CA);
  }

  /** A certificate for `localhost` and 127.0.0.1. */
  issue(name: string): Certificate {
    const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
    return { cert: this.certify(name, pair.publicKey, SUBJECT_IS_THIS_MACHINE), key: pemOf(pair.privateKey) };
  }

  private certify(subject: string, publicKey: KeyObject, extension: Buffer): string {
    const validity = sequence(time(Date.now() - 60_000), time(Date.now() + 3_600_000));
    const body = sequence(
      der(0xa0, der(0x02, Buffer.from([2]))),
      der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
      ECDSA_WITH_SHA256,
      nameOf(this.name),
      validity,
      nameOf(subject),
      publicKey.export({ type: "spki", format: "der" }),
      der(0xa3, sequence(extension)),
    );
    const signature = Buffer.concat([Buffer.from([0]), sign("sha256", body, this.privateKey)]);
    const text = sequence(body, ECDSA_WITH_SHA256, der(0x03, signature)).toString("base64");
    return `-----BEGIN CERTIFICATE-----\n${text.match(/.{1,64}/g)?.join("\n")}\n-----END CERTIFICATE-----\n`;
  }
}

/** Writes a certificate where a service reads it. @returns what the service's environment says of it */
export function writeCertificate(folder: string, { cert, key }: Certificate): Record<string, string> {
  const files = { TLS_CERT_FILE: join(folder, "cert.pem"), TLS_KEY_FILE: join(folder, "key.pem") };
  writeFileSync(files.TLS_CERT_FILE, cert);
  writeFileSync(files.TLS_KEY_FILE, key, { mode: 0o600 });
  return files;
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function oid(...bytes: number[]): Buffer {
  return der(0x06, Buffer.from(bytes));
}

function nameOf(commonName: string): Buffer {
  return sequence(der(0x31, sequence(oid(0x55, 4, 3), der(0x0c, Buffer.from(commonName)))));
}

function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, "");
  return der(0x18, Buffer.from(digits));
}

function pemOf(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }) as string;
}

const TRUE = der(0x01, Buffer.from([0xff]));
const ECDSA_WITH_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2));
const BASIC_CONSTRAINTS_CA = sequence(oid(0x55, 0x1d, 19), TRUE, der(0x04, sequence(TRUE)));
const SUBJECT_IS_THIS_MACHINE = sequence(
  oid(0x55, 0x1d, 17),
  der(0x04, sequence(der(0x82, Buffer.from("localhost")), der(0x87, Buffer.from([127, 0, 0, 1])))),
);
