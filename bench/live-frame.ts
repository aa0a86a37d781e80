import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { encodeLiveFrame, encodeNames, type LiveLines } from "@encounter/core/wire/live";
import { type WebSocket, WebSocketServer } from "ws";
import { DeviceColumns } from "../api/src/live/device-columns.ts";
import { LineColumns } from "../api/src/live/line-columns.ts";
import { inTurn, median, medianOf, type Sample } from "./rounds.ts";

const DEVICES = 50_000;
const LINES = 20_000;
const VIEWERS = 100;
const ROUNDS = 9;
const ANCHOR = { longitude: 11.5, latitude: 48.1 };
const START_MS = 1_700_000_000_000;

/**
 * The CPU that a frame costs the api in which all of 50,000 devices moved, told to 100 viewers in another process:
 * packed columns against JSON objects per fix, in turn. Both are encoded once and sent as the same bytes to all; the
 * columns name no device, since names are told once, and the objects do, since they must.
 */
export async function benchLiveFrame(print: (line: string) => void): Promise<void> {
  const audience = await openViewers(createServer());
  const scene = new Scene();
  const samples = await inTurn(ROUNDS, {
    packed: () => {
      scene.move();
      return tell(audience.viewers, () => scene.packed());
    },
    objects: () => {
      scene.move();
      return tell(audience.viewers, () => scene.objects());
    },
  });
  audience.close();
  const line = (name: string, runs: readonly Sample[]) =>
    `  ${name} ${medianOf(runs, "cpuMs").toFixed(1)} ms CPU a frame, of which encoding ` +
    `${medianOf(runs, "encodeMs").toFixed(1)}; ${Math.round(medianOf(runs, "bytes") / 1_000)} kB`;
  const ratioOf = (what: string) => medianOf(samples.objects, what) / medianOf(samples.packed, what);
  print(
    `live frame: ${DEVICES} devices that all moved, ${LINES} lines, ${VIEWERS} viewers, medians of ${ROUNDS} rounds`,
  );
  print(line("packed columns", samples.packed));
  print(line("JSON objects  ", samples.objects));
  print(`  JSON / packed: CPU ${ratioOf("cpuMs").toFixed(1)}, encoding ${ratioOf("encodeMs").toFixed(0)}`);
  const cpuOf = (work: () => void) => median(Array.from({ length: ROUNDS }, () => cpuMsOf(work)));
  const [snapshotMs, namesMs] = [cpuOf(() => scene.snapshot()), cpuOf(() => encodeNames(scene.columns.names))];
  print(`  snapshot ${snapshotMs.toFixed(1)} ms CPU, and ${namesMs.toFixed(1)} for its names where there are new ones`);
}

/** Devices that move, as the api holds them and as objects. */
class Scene {
  readonly columns = new DeviceColumns(ANCHOR);
  private readonly lines = everyLine();
  private readonly pairs = objectsOf(this.lines);
  private fixes: object[] = [];
  private timeMs = START_MS;
  private names = encodeNames([]);

  /** Moves everybody; not part of what is measured. */
  move(): void {
    this.timeMs += 500;
    this.columns.takeChanges(this.timeMs);
    this.fixes = Array.from({ length: DEVICES }, (_, device) => this.moveDevice(device));
    this.names = encodeNames(this.columns.names);
  }

  private moveDevice(device: number): object {
    const deviceId = deviceIdOf(device);
    const fixTimeMs = this.timeMs - (device % 400);
    const longitude = ANCHOR.longitude + (device % 250) * 2e-5 + (this.timeMs % 60_000) * 1e-9;
    const latitude = ANCHOR.latitude + Math.floor(device / 250) * 2e-5;
    const floor = device % 5;
    const accuracyM = 1 + (device % 30) / 10;
    this.columns.put({ deviceId, fixTimeMs, longitude, latitude, floor, accuracyM });
    const position = { longitude, latitude, floor, accuracy: accuracyM };
    return { device_id: deviceId, timestamp: fixTimeMs, position };
  }

  packed(): Uint8Array {
    const fixes = this.columns.takeChanges(this.timeMs);
    return encodeLiveFrame({ ...this.frame(), snapshot: false, fixes });
  }

  objects(): Uint8Array {
    return Buffer.from(JSON.stringify({ type: "change", time: this.timeMs, fixes: this.fixes, pairs: this.pairs }));
  }

  snapshot(): Uint8Array {
    return encodeLiveFrame({ ...this.frame(), snapshot: true, fixes: this.columns.all(this.timeMs) }, this.names);
  }

  private frame() {
    return {
      timeMs: this.timeMs,
      minute: 0,
      proximityDm: 50,
      certain: false,
      firstName: 0,
      names: [],
      lines: this.lines,
    };
  }
}

function deviceIdOf(device: number): string {
  return `device-${device.toString().padStart(6, "0")}`;
}

function everyLine(): LiveLines {
  const lines = new LineColumns();
  for (let at = 0; at < LINES; at++) lines.add(at, at + 1, 1 + (at % 30), at % 50, 40 + (at % 50));
  return lines.finish();
}

function objectsOf({ count, a, b, minutes, gapDm, reachDm }: LiveLines): object[] {
  return Array.from({ length: count }, (_, at) => ({
    device_id: deviceIdOf(a[at] as number),
    other: deviceIdOf(b[at] as number),
    minutes: minutes[at],
    gap: (gapDm[at] as number) / 10,
    reach: (reachDm[at] as number) / 10,
  }));
}

/** Encodes a frame, sends it to every viewer, and waits until the system has taken all of it. */
async function tell(viewers: readonly WebSocket[], encode: () => Uint8Array): Promise<Sample> {
  const before = process.cpuUsage();
  const frame = encode();
  const encodeMs = millisecondsOf(process.cpuUsage(before));
  await Promise.all(
    viewers.map((viewer) => new Promise<void>((resolve) => viewer.send(frame, { binary: true }, () => resolve()))),
  );
  return { encodeMs, cpuMs: millisecondsOf(process.cpuUsage(before)), bytes: frame.length };
}

function cpuMsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  return millisecondsOf(process.cpuUsage(before));
}

function millisecondsOf({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1_000;
}

/** Viewers that take what they are sent, in a process of their own, so that its CPU is not counted. */
const VIEWER_PROGRAM = `
import { WebSocket } from "ws";
for (let i = 0; i < ${VIEWERS}; i++) new WebSocket(process.argv[1], { perMessageDeflate: false });
`;

async function openViewers(http: Server): Promise<{ viewers: readonly WebSocket[]; close(): void }> {
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", VIEWER_PROGRAM, url], {
    cwd: fileURLToPath(new URL(".", import.meta.url)),
    stdio: "inherit",
  });
  const viewers = await untilConnected(server, child);
  return {
    viewers,
    close: () => {
      for (const viewer of viewers) viewer.terminate();
      child.removeAllListeners("exit").kill();
      http.close();
    },
  };
}

function untilConnected(server: WebSocketServer, child: ChildProcess): Promise<WebSocket[]> {
  const viewers: WebSocket[] = [];
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the viewers' process ended with ${code}`)));
    server.on("connection", (viewer) => {
      viewers.push(viewer);
      if (viewers.length === VIEWERS) resolve(viewers);
    });
  });
}
