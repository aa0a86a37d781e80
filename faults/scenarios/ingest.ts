import { setTimeout as pause } from "node:timers/promises";
import { Gateway } from "../load/gateway.ts";
import type { Scenario, Stage } from "../scenario.ts";
import { acceptsFixesOf } from "./commands.ts";

/** SIGTERM ends a service within this. */
const STOP_MS_MAX = 10_000;
const RESTARTING = 1012;

/** Kills ingest, and whatever it had on its way with it. */
async function killIngest({ system }: Stage): Promise<void> {
  await system.services.ingest.end("SIGKILL");
  system.stores.ingest.cut();
}

async function killBeforeAnswer(stage: Stage, place: "before" | "after"): Promise<void> {
  const trap = stage.system.stores.ingest.catchCommand(acceptsFixesOf(stage.venueId), place);
  await trap.sprung;
  await killIngest(stage);
  trap.release();
  await stage.system.services.ingest.start();
}

/** Ingest is stopped before Redis' answer reaches it, and killed when it has come: it never acknowledges. */
async function killBeforeAcknowledgement(stage: Stage): Promise<void> {
  const { system } = stage;
  const trap = system.stores.ingest.catchCommand(acceptsFixesOf(stage.venueId), "after");
  await trap.sprung;
  system.services.ingest.signal("SIGSTOP");
  trap.release();
  await pause(50);
  await killIngest(stage);
  await system.services.ingest.start();
}

/** Acknowledgements leave ingest and are lost with the connection before the device has them. */
async function loseAcknowledgements(stage: Stage): Promise<void> {
  const { system } = stage;
  system.door.toClient.isHeld = true;
  await pause(300);
  await killIngest(stage);
  system.door.cut();
  system.door.toClient.isHeld = false;
  await system.services.ingest.start();
}

const THOUSAND = 1_000;
/** Sockets opened at once, before: coming back they are not held up. */
const AT_ONCE = 100;
/** Until a close that was sent is seen by a thousand sockets, ms. */
const CLOSED_MS_MAX = 10_000;
/** Connections in a tenth of the time that they come back in: half of all would be no spread. */
const SHARE_MAX = 0.5;

async function restartUnderThousand(stage: Stage): Promise<void> {
  const { system, key, ledger, random } = stage;
  const draw = () => random.next();
  const sockets = Array.from(
    { length: THOUSAND },
    () => new Gateway({ url: system.positionsUrl, key, ledger, random: draw }),
  );
  try {
    for (let at = 0; at < THOUSAND; at += AT_ONCE) {
      await Promise.all(sockets.slice(at, at + AT_ONCE).map((socket) => socket.open()));
    }
    await stage.startLoad();
    const startedMs = performance.now();
    const code = await system.services.ingest.end("SIGTERM");
    stage.expect(code === 0, `ingest ended with ${code}`);
    stage.expect(performance.now() - startedMs < STOP_MS_MAX, "ingest took more than 10 s to end");
    const toldToComeBack = () => sockets.filter(({ closeCodes }) => closeCodes.includes(RESTARTING)).length;
    while (toldToComeBack() < THOUSAND && performance.now() - startedMs < CLOSED_MS_MAX) await pause(20);
    const restarted = toldToComeBack();
    stage.expect(restarted === THOUSAND, `${restarted} of ${THOUSAND} sockets were closed with 1012`);
    const connectedBefore = system.door.connectedMs.length;
    const reopened = Promise.all(
      sockets.map(async (socket) => {
        await pause(socket.backoffMs());
        await socket.open();
      }),
    );
    await system.services.ingest.start();
    await reopened;
    noteSpread(stage, system.door.connectedMs.slice(connectedBefore));
  } finally {
    for (const socket of sockets) socket.stop();
  }
}

/** How the sockets' attempts to come back lie in time. */
function noteSpread(stage: Stage, connectedMs: readonly number[]): void {
  const firstMs = Math.min(...connectedMs);
  const spanMs = Math.max(...connectedMs) - firstMs;
  const tenths = new Array<number>(10).fill(0);
  for (const timeMs of connectedMs) {
    const tenth = Math.min(9, Math.floor(((timeMs - firstMs) / spanMs) * 10));
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  const most = Math.max(...tenths) / connectedMs.length;
  stage.note(
    `${THOUSAND} sockets came back over ${(spanMs / 1_000).toFixed(1)} s, at most ${Math.round(most * 100)}% in a tenth of it`,
  );
  stage.expect(most <= SHARE_MAX, "the sockets came back together");
}

async function stopEverythingInOrder(stage: Stage): Promise<void> {
  const { ingest, processor, api } = stage.system.services;
  await stage.startLoad();
  for (const service of [ingest, processor, api]) {
    const startedMs = performance.now();
    const code = await service.end("SIGTERM");
    const elapsedMs = performance.now() - startedMs;
    stage.expect(code === 0, `${service.name} ended with ${code}: ${service.log.slice(-500)}`);
    stage.expect(elapsedMs < STOP_MS_MAX, `${service.name} took ${Math.round(elapsedMs)} ms to end`);
    await service.start();
  }
}

export const ingestScenarios: readonly Scenario[] = [
  {
    name: "ingest-killed-before-store",
    about: "kill -9 of ingest with a batch on its way to Redis",
    isShort: true,
    run: async (stage) => {
      await stage.startLoad();
      await killBeforeAnswer(stage, "before");
    },
  },
  {
    name: "ingest-killed-before-answer",
    about: "kill -9 of ingest when Redis has stored a batch and its answer has not come",
    isShort: true,
    run: async (stage) => {
      await stage.startLoad();
      await killBeforeAnswer(stage, "after");
    },
  },
  {
    name: "ingest-killed-before-acknowledging",
    about: "kill -9 of ingest when Redis' answer is there and the device has no acknowledgement",
    isShort: true,
    run: async (stage) => {
      await stage.startLoad();
      await killBeforeAcknowledgement(stage);
    },
  },
  {
    name: "acknowledgements-lost",
    about: "acknowledgements leave ingest, which is killed, and never reach their devices",
    isShort: false,
    run: async (stage) => {
      await stage.startLoad();
      await loseAcknowledgements(stage);
    },
  },
  {
    name: "ingest-restarted-under-1000-sockets",
    about: "SIGTERM of ingest with 1,000 sockets: 1012 for each, and all come back with jitter",
    isShort: false,
    run: restartUnderThousand,
  },
  {
    name: "sigterm-under-load",
    about: "SIGTERM of ingest, processor and api in turn under load: each drained within 10 s",
    isShort: true,
    run: stopEverythingInOrder,
  },
];
