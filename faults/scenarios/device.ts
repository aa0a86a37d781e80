import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { WireFix } from "@encounter/core/wire/fix";
import { WebSocket } from "ws";
import { Random } from "../../simulator/src/world/random.ts";
import { Crowd, fixAt } from "../load/crowd.ts";
import { Load } from "../load/load.ts";
import type { Scenario, Stage } from "../scenario.ts";
import { OPERATOR_TOKEN } from "../system/operator.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A crowd's fixes of the time before now, in frames. */
function framesOf(stage: Stage, agoMs: number, frames: number, fixesPerFrame = 20): WireFix[][] {
  const startMs = Math.floor((Date.now() - agoMs) / MINUTE_MS) * MINUTE_MS;
  const deviceIds = Array.from({ length: 20 }, (_, number) => `walker ${number}`);
  const crowd = new Crowd({ venueId: stage.venueId, deviceIds, startMs, random: new Random(stage.seed) });
  return Array.from({ length: frames }, () => crowd.take(fixesPerFrame));
}

async function resendTenTimes(stage: Stage): Promise<void> {
  const frames = framesOf(stage, HOUR_MS, 20);
  for (const frame of frames) {
    const gateway = stage.gateway();
    const first = await gateway.send(frame);
    for (let again = 0; again < 9; again++) {
      const reply = await gateway.send(frame);
      const accepted = reply?.counts.accepted ?? 0;
      stage.expect(
        accepted === 0,
        `a frame sent again had ${accepted} accepted, the first time ${first?.counts.accepted}`,
      );
    }
  }
}

async function reversedAndInterleaved(stage: Stage): Promise<void> {
  const frames = framesOf(stage, 2 * HOUR_MS, 60);
  const shares = [0, 1, 2].map((share) => frames.filter((_, i) => i % 3 === share));
  // One in order, one from its end, one in no order; each frame's own fixes reversed in the second.
  shares[1] = (shares[1] ?? []).reverse().map((frame) => [...frame].reverse());
  shares[2] = (shares[2] ?? []).sort(() => stage.random.between(-1, 1));
  await Promise.all(shares.map((share) => stage.sendAll(share)));
}

async function thirteenDaysLate(stage: Stage): Promise<void> {
  await stage.startLoad({ agoMs: HOUR_MS });
  const frames = framesOf(stage, 13 * DAY_MS, 30);
  await stage.sendAll(frames);
  await pause(1_000);
  // And once more for the same minutes, when they have been evaluated: other devices, which join what is there.
  const others = frames.map((frame) => frame.map((fix) => ({ ...fix, device_id: `late ${fix.device_id}` })));
  await stage.sendAll(others);
}

async function wrongDeviceClocks(stage: Stage): Promise<void> {
  await stage.startLoad({ agoMs: HOUR_MS });
  const gateway = stage.gateway();
  const wrong = [
    { offMs: HOUR_MS, outcome: "early" },
    { offMs: -30 * DAY_MS, outcome: "late" },
  ] as const;
  for (const { offMs, outcome } of wrong) {
    const place = { eastM: 3, northM: 3, floor: 0 };
    const fixes = Array.from({ length: 50 }, (_, i) =>
      fixAt(stage.venueId, `wrong clock ${i}`, Date.now() + offMs + i * 1_000, place, 1),
    );
    const reply = await gateway.send(fixes);
    stage.expect(
      reply?.counts[outcome] === 50,
      `50 fixes ${offMs / HOUR_MS} h off were ${JSON.stringify(reply?.counts)}`,
    );
  }
}

/** Fixes in the last and the first millisecond of minutes: each belongs to its own and to no other. */
async function minuteEdges(stage: Stage): Promise<void> {
  const startMs = Math.floor((Date.now() - HOUR_MS) / MINUTE_MS) * MINUTE_MS;
  const frames = Array.from({ length: 20 }, (_, minute) =>
    Array.from({ length: 10 }, (_, device) => {
      const edgeMs = startMs + minute * MINUTE_MS;
      const timestamp = (device + minute) % 2 === 0 ? edgeMs : edgeMs + MINUTE_MS - 1;
      const place = { eastM: device * 2, northM: 1, floor: 0 };
      return fixAt(stage.venueId, `edge ${device}`, timestamp, place, 1);
    }),
  );
  await stage.sendAll(frames);
  const sent = frames.flat().length;
  stage.expect(stage.ledger.accepted === sent, `${stage.ledger.accepted} of ${sent} fixes at the edges were accepted`);
}

/** A device that the network forgot: it sends, nothing arrives, nobody is told. Ingest must give it up. */
async function halfOpenDevice(stage: Stage): Promise<void> {
  const { system } = stage;
  await stage.startLoad();
  system.door.loseTrackOfConnections();
  const startedMs = performance.now();
  await stage.load?.flows(60_000);
  stage.note(`devices noticed within ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
  const open = stage.load?.gateways.length ?? 0;
  while ((await system.metric("ingest", "encounter_ingest_sockets")) > open) {
    if (performance.now() - startedMs > MINUTE_MS) break;
    await pause(250);
  }
  const left = (await system.metric("ingest", "encounter_ingest_sockets")) - open;
  stage.expect(left <= 0, `ingest still holds ${left} dead sockets after 60 s`);
  stage.note(`ingest within ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
}

/** Frames vanish on their way in, then answers on their way out. Devices wait, give up, and connect anew. */
async function dropEachWay(stage: Stage): Promise<void> {
  const { door } = stage.system;
  const load = await stage.startLoad();
  for (const way of [door.toServer, door.toClient]) {
    way.isDropped = true;
    await pause(12_000);
    stage.note(`${way.droppedBytes} bytes vanished on their way ${way === door.toServer ? "in" : "out"}`);
    stage.expect(way.droppedBytes > 0, "nothing was dropped");
    way.isDropped = false;
    await load.flows(40_000);
  }
}

/** What no device would send: the door says so, closes that socket at most, and serves the others. */
async function poisonFrames(stage: Stage): Promise<void> {
  const { system } = stage;
  await stage.startLoad();
  const { pid } = system.services.ingest;
  for (const poison of POISON) {
    await sendRaw(system.positionsUrl, stage.key, poison);
  }
  await sendBytes(system.door.port);
  stage.expect(system.services.ingest.pid === pid, "ingest ended over a poisoned frame");
}

const POISON: readonly (string | Buffer)[] = [
  "",
  "{",
  "null",
  "0",
  '"text"',
  "[[[[[[]]]]]]",
  "[".repeat(500_000),
  '{"__proto__":{"positions":[]},"positions":[{"device_id":"__proto__"}]}',
  JSON.stringify({ batch: "x".repeat(65), positions: [] }),
  JSON.stringify({ batch: "\ud800", positions: [] }),
  JSON.stringify(Array.from({ length: 1_001 }, () => ({}))),
  JSON.stringify(Array.from({ length: 1_000 }, () => null)),
  '[{"device_id":"a","venue_id":"b","timestamp":1e400,"position":{"latitude":1e400,"longitude":-1e400,"accuracy":NaN}}]',
  `[{"device_id":"${"d".repeat(100_000)}"}]`,
  "x".repeat(1_048_577),
  Buffer.from([0, 1, 2, 3]),
];

async function sendRaw(url: string, key: string, frame: string | Buffer): Promise<void> {
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${key}` } });
  await new Promise<void>((resolve) => {
    socket.on("error", () => resolve());
    socket.once("open", () => socket.send(frame, { binary: typeof frame !== "string" }));
    socket.once("message", () => resolve());
    socket.once("close", () => resolve());
    setTimeout(resolve, 3_000).unref();
  });
  socket.terminate();
}

/** Bytes that are neither HTTP nor a WebSocket's frame. */
async function sendBytes(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(Buffer.from([0x16, 0x03, 0x01, 0xff, 0xff, 0x00, 0x00]));
  socket.write("GET /v1/positions HTTP/9.9\r\n\r\n");
  await pause(200);
  socket.destroy();
}

const BURST_MS = 60_000;

/** A steady pace, then a hundred times that for a minute. */
async function burst(stage: Stage): Promise<void> {
  const { system, key, venueId, ledger, seed } = stage;
  const steady = await stage.startLoad({ gateways: 1, devices: 20, fixesPerFrame: 2, pauseMs: 200 });
  const steadyRate = await rateOver(stage, 5_000);
  const flood = new Load({
    ...{ url: system.positionsUrl, key, venueId, ledger, seed: seed + 1 },
    ...{ gateways: 20, devices: 200, fixesPerFrame: 100, pauseMs: 1_000, agoMs: 9 * DAY_MS },
  });
  flood.start();
  const rate = await rateOver(stage, BURST_MS);
  await flood.stop();
  await steady.flows(10_000);
  stage.note(`${Math.round(rate)} fixes a second, ${Math.round(rate / steadyRate)} times the steady rate`);
}

/** Fixes answered a second, over some time. */
async function rateOver({ ledger }: Stage, forMs: number): Promise<number> {
  const [before, startedMs] = [ledger.sent.length, performance.now()];
  await pause(forMs);
  return (1_000 * (ledger.sent.length - before)) / (performance.now() - startedMs);
}

/** A viewer that takes nothing any more: api must not keep for it what it does not take. */
async function slowViewer(stage: Stage): Promise<void> {
  const { system, venueId } = stage;
  await stage.startLoad({ agoMs: 10 * MINUTE_MS, pauseMs: 30 });
  const path = `/v1/venues/${encodeURIComponent(venueId)}/live`;
  const headers = { authorization: `Bearer ${OPERATOR_TOKEN}` };
  const slow = new WebSocket(`ws://127.0.0.1:${system.desk.port}${path}`, { headers });
  await new Promise((resolve, reject) => slow.once("message", resolve).once("error", reject));
  system.desk.toClient.isHeld = true;
  const quick = new WebSocket(`${system.apiUrl.replace("http", "ws")}${path}`, { headers });
  let frames = 0;
  quick.on("message", () => {
    frames += 1;
  });
  const before = await system.metric("api", "process_resident_memory_bytes");
  await pause(4_000);
  const grown = (await system.metric("api", "process_resident_memory_bytes")) - before;
  stage.note(`the other viewer got ${frames} frames, api grew by ${Math.round(grown / 1_048_576)} MiB`);
  stage.expect(frames >= 4, `beside a viewer that reads nothing another got ${frames} frames in 4 s`);
  stage.expect(grown < 150 * 1_048_576, `api grew by ${Math.round(grown / 1_048_576)} MiB`);
  slow.terminate();
  quick.terminate();
}

export const deviceScenarios: readonly Scenario[] = [
  {
    name: "frames-dropped",
    about: "what devices send vanishes for 12 s, then what they are answered",
    isShort: false,
    run: dropEachWay,
  },
  {
    name: "device-half-open",
    about: "devices' connections lead nowhere, nobody is told",
    isShort: false,
    run: halfOpenDevice,
  },
  { name: "batch-resent-ten-times", about: "every batch sent ten times", isShort: true, run: resendTenTimes },
  {
    name: "batches-out-of-order",
    about: "batches reversed, interleaved and shuffled",
    isShort: true,
    run: reversedAndInterleaved,
  },
  {
    name: "batch-13-days-late",
    about: "batches 13 days late, and more for their minutes when those are evaluated",
    isShort: true,
    run: thirteenDaysLate,
  },
  {
    name: "device-clock-wrong",
    about: "devices' clocks an hour ahead and 30 days behind",
    isShort: true,
    run: wrongDeviceClocks,
  },
  { name: "minute-edges", about: "fixes at :59.999 and :00.000", isShort: true, run: minuteEdges },
  { name: "poison-frames", about: "frames that nobody should send", isShort: true, run: poisonFrames },
  { name: "burst-100-fold", about: "a hundred times the load for 60 s", isShort: false, run: burst },
  { name: "slow-viewer", about: "a viewer of the map that takes nothing any more", isShort: true, run: slowViewer },
];
