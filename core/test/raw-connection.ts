import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** A TCP connection that says exactly what a test wants it to say, from an address of this machine's own. */
export class RawConnection {
  readonly socket: Socket;
  /** All that came, once the other side has ended or cut the connection. */
  readonly ended: Promise<string>;
  private readonly chunks: Buffer[] = [];

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk) => this.chunks.push(chunk));
    socket.on("error", () => {});
    this.ended = new Promise((resolve) => {
      socket.once("end", () => socket.end());
      socket.once("close", () => resolve(this.said));
    });
  }

  static async open(url: string, localAddress?: string): Promise<RawConnection> {
    const { hostname, port, protocol } = new URL(url);
    const target = { host: hostname, port: Number(port), ...(localAddress === undefined ? {} : { localAddress }) };
    const isSecure = protocol === "https:";
    const socket = isSecure ? connectTls({ ...target, rejectUnauthorized: false }) : connect(target);
    const connection = new RawConnection(socket);
    await Promise.race([once(socket, isSecure ? "secureConnect" : "connect"), connection.ended]);
    return connection;
  }

  get said(): string {
    return Buffer.concat(this.chunks).toString("latin1");
  }

  send(data: string | Buffer): this {
    this.socket.write(data);
    return this;
  }

  /** Resolves when something has come that `what` matches. */
  async until(what: RegExp): Promise<string> {
    while (!what.test(this.said)) {
      if (this.socket.destroyed) throw new Error(`ended before ${what}: ${this.said}`);
      await Promise.race([once(this.socket, "data"), once(this.socket, "close")]);
    }
    return this.said;
  }

  cut(): void {
    this.socket.destroy();
  }
}

/** The bytes of a WebSocket frame as a client sends it. */
export function clientFrame(opcode: number, payload: Buffer, { fin = true, length = payload.length } = {}): Buffer {
  const header = [(fin ? 0x80 : 0) | opcode];
  if (length < 126) header.push(0x80 | length);
  else if (length < 65_536) header.push(0x80 | 126, length >> 8, length & 255);
  else
    header.push(
      0x80 | 127,
      0,
      0,
      0,
      0,
      (length >>> 24) & 255,
      (length >>> 16) & 255,
      (length >>> 8) & 255,
      length & 255,
    );
  // A mask of zeros leaves the payload as it is.
  return Buffer.concat([Buffer.from(header), Buffer.alloc(4), payload]);
}

/** A WebSocket's opening, as a client sends it. */
export function upgradeRequest(path: string, headers: Record<string, string> = {}): string {
  const all = {
    Host: "door",
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `GET ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}
