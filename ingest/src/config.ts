import type { BlockList } from "node:net";
import { readTrustedProxies } from "@encounter/core/service/client-address";
import {
  readMachineKey,
  readOperatorToken,
  readPort,
  readServiceEnvironment,
  type ServiceEnvironment,
} from "@encounter/core/service/environment";
import { DEFAULT_HTTP_TIMEOUTS, type HttpLimits, readLimits } from "@encounter/core/service/http-limits";
import { readMutualTls, type TlsConfig } from "@encounter/core/service/tls";

/** Bounds of the devices' door. Where one is reached, the answer is explicit: `busy`, a close code, a status. */
export interface IngestLimits extends HttpLimits {
  /** Fixes waiting for Redis, all venues together, before `busy`. */
  readonly queuedFixesMax: number;
  /** The same of one venue: others still get through. */
  readonly queuedFixesPerVenueMax: number;
  /** Frames waiting for Redis before `busy`: even an empty one takes its place. */
  readonly queuedFramesMax: number;
  /** Bytes of frames waiting for Redis before `busy`. */
  readonly queuedBytesMax: number;
  /** Bytes of frames that have begun and not ended, all sockets together; whose goes beyond is closed with 1013. */
  readonly unfinishedBytesMax: number;
  /** Frames of one socket read and not answered, before it is no longer read. */
  readonly unansweredFramesPerSocketMax: number;
  /** Bytes of answers that a device may leave unread, before 1008. */
  readonly unreadBytesPerSocketMax: number;
  /** Sockets of this process before 1013. */
  readonly socketsMax: number;
  /** The same of one venue, and of one device's credential. */
  readonly socketsPerVenueMax: number;
  readonly socketsPerDeviceMax: number;
  /** Handshakes under way before 503. */
  readonly handshakesMax: number;
  /** Handshakes and activations of one address a second before 429, and how many seconds of them may be saved up. */
  readonly joinsPerAddressPerSecond: number;
  readonly joinsBurstSeconds: number;
  /** How long a socket may send no frame, and how long one frame may take, before 1008. */
  readonly idleSocketMs: number;
  readonly frameTimeoutMs: number;
  /** How long a device may take to answer a close before its connection is cut. */
  readonly closeTimeoutMs: number;
  /** How often a socket is pinged; one that did not answer by the next time is cut. */
  readonly pingMs: number;
  /** Fixes a second of one credential before 4429, and how many it may save up. */
  readonly gatewayFixesPerSecond: number;
  readonly deviceFixesPerSecond: number;
  readonly burstSeconds: number;
}

export interface IngestConfig extends ServiceEnvironment {
  readonly port: number;
  readonly operatorToken: string;
  /** What the pseudonyms of venues are made with; null where no venue may have any. */
  readonly machineKey: string | null;
  readonly limits: IngestLimits;
  /** Null where the door speaks without TLS. */
  readonly tls: TlsConfig | null;
  /** Who may name the client that it speaks for. */
  readonly trustedProxies: BlockList;
}

export const DEFAULT_LIMITS: IngestLimits = {
  ...DEFAULT_HTTP_TIMEOUTS,
  connectionsMax: 25_000,
  connectionsPerAddressMax: 5_000,
  requestsMax: 1_000,
  queuedFixesMax: 100_000,
  queuedFixesPerVenueMax: 80_000,
  queuedFramesMax: 100_000,
  queuedBytesMax: 64 * 1_048_576,
  unfinishedBytesMax: 256 * 1_048_576,
  unansweredFramesPerSocketMax: 64,
  unreadBytesPerSocketMax: 4 * 1_048_576,
  socketsMax: 20_000,
  socketsPerVenueMax: 16_000,
  socketsPerDeviceMax: 8,
  handshakesMax: 2_000,
  joinsPerAddressPerSecond: 200,
  joinsBurstSeconds: 10,
  idleSocketMs: 30 * 60_000,
  frameTimeoutMs: 30_000,
  closeTimeoutMs: 5_000,
  pingMs: 20_000,
  gatewayFixesPerSecond: 500_000,
  deviceFixesPerSecond: 100,
  burstSeconds: 60,
};

/** Reads the environment. @throws StartError on a value that cannot be used */
export function readConfig(environment: NodeJS.ProcessEnv): IngestConfig {
  return {
    ...readServiceEnvironment(environment),
    port: readPort(environment, "INGEST_PORT", 8080),
    operatorToken: readOperatorToken(environment),
    machineKey: readMachineKey(environment),
    limits: readLimits(environment, "INGEST", DEFAULT_LIMITS),
    tls: readMutualTls(environment),
    trustedProxies: readTrustedProxies(environment),
  };
}
