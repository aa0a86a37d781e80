import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";

const HEAD_END = "\r\n\r\n";
const TEXT = 0x81;
const CLOSE = 0x88;
const PING = 0x89;
/** An empty pong, masked with zeros. */
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

/**
 * A WebSocket client that costs next to nothing: frames are sent as the bytes they were prepared to, several at once;
 * answers are only cut apart. So the server is what is measured, on a machine that both share.
 */
export class BareSocket {
  /** Called with each answer's text, as a part of a buffer. */
  onAnswer: (buffer: Buffer, start: number, end: number) => void = () => {};
  /** Called after the answers that came together. */
  onTurn: () => void = () => {};
  /** Called where the server ends the connection. */
  onEnd: (closeCode: number | null) => void = () => {};
  private readonly socket: Socket;
  private rest: Buffer = Buffer.alloc(0);
  private closeCode: number | null = null;

  private constructor(socket: Socket) {
    this.socket = socket;
  }

  /** Opens a socket. @throws where the server does not upgrade it */
  static open(url: string, token: string): Promise<BareSocket> {
    const { hostname, port, pathname } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const request = [
      `GET ${pathname} HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
      `Authorization: Bearer ${token}`,
    ];
    return new Promise((resolve, reject) => {
      let head = Buffer.alloc(0);
      const receiveHead = (chunk: Buffer) => {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf(HEAD_END);
        if (end < 0) return;
        socket.off("data", receiveHead);
        if (!head.toString("latin1").startsWith("HTTP/1.1 101")) {
          socket.destroy();
          reject(new Error(`not upgraded: ${head.toString("latin1", 0, end)}`));
          return;
        }
        const opened = new BareSocket(socket);
        socket.on("close", () => opened.onEnd(opened.closeCode));
        socket.on("data", (data: Buffer) => opened.receive(data));
        resolve(opened);
      };
      socket.on("error", reject);
      socket.on("data", receiveHead);
      socket.write(request.join("\r\n") + HEAD_END);
    });
  }

  /** Sends frames that are prepared already. */
  send(frames: Buffer): void {
    this.socket.write(frames);
  }

  close(): void {
    this.onEnd = () => {};
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    const data = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let at = 0;
    while (at + 2 <= data.length) {
      const short = data[at + 1] as number;
      const start = at + (short === 126 ? 4 : 2);
      if (start > data.length) break;
      const end = start + (short === 126 ? data.readUInt16BE(at + 2) : short);
      if (end > data.length) break;
      if (data[at] === TEXT) this.onAnswer(data, start, end);
      else if (data[at] === PING) this.send(PONG);
      else if (data[at] === CLOSE) this.closeCode = data.readUInt16BE(start);
      at = end;
    }
    this.rest = data.subarray(at);
    this.onTurn();
  }
}
