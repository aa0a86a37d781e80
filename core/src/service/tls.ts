import { readFileSync, statSync } from "node:fs";
import type { Server } from "node:http";
import type { TlsOptions } from "node:tls";
import { StartError } from "./environment.ts";
import type { Logger } from "./log.ts";

/** A door's certificate, and whose clients it lets in. */
export interface TlsConfig {
  readonly certFile: string;
  readonly keyFile: string;
  /** The authority of clients' certificates; null where none are asked for. */
  readonly clientCaFile: string | null;
  /** Whether a client without a certificate of that authority is let in all the same. */
  readonly isClientOptional: boolean;
}

/** How often it is looked whether a certificate was renewed, ms. */
const RENEWAL_CHECK_MS = 60_000;
const VERSION_MIN = "TLSv1.2";

/** Reads `TLS_CERT_FILE` and `TLS_KEY_FILE`; null where neither is set: the door then speaks without TLS. @throws StartError */
export function readTls(environment: NodeJS.ProcessEnv): TlsConfig | null {
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } = environment;
  if (!certFile !== !keyFile) throw new StartError("set both TLS_CERT_FILE and TLS_KEY_FILE, or neither");
  if (!certFile || !keyFile) return null;
  return checked({ certFile, keyFile, clientCaFile: null, isClientOptional: false });
}

/** The same for a door that may ask its clients for certificates: `TLS_CLIENT_CA_FILE`, `TLS_CLIENT`. @throws StartError */
export function readMutualTls(environment: NodeJS.ProcessEnv): TlsConfig | null {
  const own = readTls(environment);
  const clientCaFile = environment.TLS_CLIENT_CA_FILE || null;
  const wish = environment.TLS_CLIENT || "required";
  if (wish !== "required" && wish !== "optional") throw new StartError("TLS_CLIENT must be required or optional");
  if (clientCaFile === null) {
    if (environment.TLS_CLIENT) throw new StartError("TLS_CLIENT needs TLS_CLIENT_CA_FILE");
    return own;
  }
  if (own === null) throw new StartError("TLS_CLIENT_CA_FILE needs TLS_CERT_FILE and TLS_KEY_FILE");
  return checked({ ...own, clientCaFile, isClientOptional: wish === "optional" });
}

/** What a server is made with, read from the files as they are now. */
export function tlsOptions({ certFile, keyFile, clientCaFile, isClientOptional }: TlsConfig): TlsOptions {
  return {
    cert: readFileSync(certFile),
    key: readFileSync(keyFile),
    minVersion: VERSION_MIN,
    ...(clientCaFile === null
      ? {}
      : { ca: readFileSync(clientCaFile), requestCert: true, rejectUnauthorized: !isClientOptional }),
  };
}

/**
 * Takes renewed files up, for handshakes from then on. Files that do not fit together, as while they are being
 * written, are left for the next look. @returns what ends it
 */
export function followRenewals(
  server: Server,
  config: TlsConfig | null,
  log: Logger,
  checkMs = RENEWAL_CHECK_MS,
): () => void {
  if (config === null) return () => {};
  let known = writtenAt(config);
  const timer = setInterval(() => {
    try {
      const now = writtenAt(config);
      if (now === known) return;
      (server as Server & { setSecureContext(options: TlsOptions): void }).setSecureContext(tlsOptions(config));
      known = now;
      log.info("certificate renewed");
    } catch (error) {
      log.warn({ reason: (error as Error).message }, "the renewed certificate cannot be used");
    }
  }, checkMs);
  timer.unref();
  return () => clearInterval(timer);
}

function writtenAt({ certFile, keyFile, clientCaFile }: TlsConfig): string {
  const files = [certFile, keyFile, ...(clientCaFile === null ? [] : [clientCaFile])];
  return files.map((file) => statSync(file).mtimeMs).join();
}

function checked(config: TlsConfig): TlsConfig {
  try {
    tlsOptions(config);
  } catch (error) {
    throw new StartError(`the files of TLS cannot be read: ${(error as Error).message}`);
  }
  return config;
}
