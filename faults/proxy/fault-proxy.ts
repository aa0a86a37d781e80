import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { fineWeather, Pipe } from "./pipe.ts";
import { RespSplitter } from "./resp-splitter.ts";

/** Where a trapped command is kept from going on: before Redis sees it, or its answer before the client does. */
export type TrapPlace = "before" | "after";

/** A command that is waited for. */
export interface Trap {
  /** Resolves when it came; for "after", once Redis has answered it. */
  readonly sprung: Promise<void>;
  /** Lets what it keeps go on. */
  release(): void;
}

interface Snare {
  readonly matches: (command: Buffer) => boolean;
  readonly place: TrapPlace;
  readonly spring: (link: Link) => void;
}

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  readonly toServer: Pipe;
  readonly toClient: Pipe;
}

/** After the first bytes of an answer, the rest of what Redis wrote in that turn. */
const ANSWER_SETTLES_MS = 50;

/** A TCP proxy on the loopback address that does to connections what networks do. */
export class FaultProxy {
  readonly toServer = fineWeather();
  readonly toClient = fineWeather();
  /** New connections are closed at once. */
  isRefusing = false;
  private readonly target: () => number;
  private readonly speaksRedis: boolean;
  private readonly server: Server;
  private readonly links = new Set<Link>();
  private snare: Snare | null = null;
  /** Times of new connections, ms of the monotonic clock. */
  readonly connectedMs: number[] = [];

  private constructor(target: () => number, speaksRedis: boolean) {
    this.target = target;
    this.speaksRedis = speaksRedis;
    this.server = createServer((client) => this.join(client));
  }

  /** @param target the port of 127.0.0.1 it leads to @param speaks "redis" lets commands be trapped */
  static async open(target: () => number, speaks: "redis" | "anything" = "anything"): Promise<FaultProxy> {
    const proxy = new FaultProxy(target, speaks === "redis");
    await new Promise<void>((resolve, reject) => {
      proxy.server.once("error", reject);
      proxy.server.listen({ port: 0, host: "127.0.0.1", backlog: 4_096 }, resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get connections(): number {
    return this.links.size;
  }

  /**
   * Half-open, as after a router lost its table: bytes of what is connected now go nowhere, nobody is told, and new
   * connections work.
   */
  loseTrackOfConnections(): void {
    for (const { toServer, toClient } of this.links) {
      toServer.trap();
      toClient.trap();
    }
  }

  /** Every connection ends with a reset. */
  cut(): void {
    for (const { client, server } of [...this.links]) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  /** The weather is fine again. Connections that lost their way are cut. */
  heal(): void {
    Object.assign(this.toServer, fineWeather());
    Object.assign(this.toClient, fineWeather());
    this.isRefusing = false;
    this.snare = null;
    for (const link of this.links) {
      link.toServer.release();
      link.toClient.release();
    }
  }

  /** Waits for the first command that `matches`, on any connection, and keeps it, or its answer, from going on. */
  catchCommand(matches: (command: Buffer) => boolean, place: TrapPlace): Trap {
    if (!this.speaksRedis) throw new Error("commands are told apart only on the way to Redis");
    let caught: Link | null = null;
    const sprung = new Promise<void>((resolve) => {
      const spring = (link: Link) => {
        caught = link;
        if (place === "before") resolve();
        else void answerKept(link).then(resolve);
      };
      this.snare = { matches, place, spring };
    });
    const release = () => {
      this.snare = null;
      caught?.toServer.release();
      caught?.toClient.release();
    };
    return { sprung, release };
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private join(client: Socket): void {
    this.connectedMs.push(performance.now());
    client.on("error", () => {});
    if (this.isRefusing) {
      client.resetAndDestroy();
      return;
    }
    const server = connect({ port: this.target(), host: "127.0.0.1", noDelay: true });
    server.on("error", () => {});
    client.setNoDelay(true);
    const toServer = new Pipe(client, server, this.toServer);
    const toClient = new Pipe(server, client, this.toClient);
    const link = { client, server, toServer, toClient };
    if (this.speaksRedis) this.watchCommands(link);
    this.links.add(link);
    const forget = () => {
      if (client.destroyed && server.destroyed) this.links.delete(link);
    };
    client.once("close", forget);
    server.once("close", forget);
  }

  private watchCommands(link: Link): void {
    const splitter = new RespSplitter();
    link.toServer.onBytes = (bytes) => splitter.add(bytes);
    link.toServer.holdsBack = (command) => this.springs(link, command);
  }

  /** Whether the command is to be kept here. */
  private springs(link: Link, command: Buffer): boolean {
    const { snare } = this;
    if (snare === null || !snare.matches(command)) return false;
    this.snare = null;
    snare.spring(link);
    return snare.place === "before";
  }
}

/** Keeps a connection's answers from going on, and resolves once there is one. */
async function answerKept({ toClient }: Link): Promise<void> {
  toClient.trap();
  await new Promise<void>((resolve) => {
    toClient.onBytes = (bytes) => {
      resolve();
      return [bytes];
    };
  });
  await setTimeout(ANSWER_SETTLES_MS);
}
