import { once } from "node:events";
import { WebSocket } from "ws";

/** A device's socket in a test: replies are read one by one. */
export class DeviceClient {
  readonly socket: WebSocket;
  readonly headers: Promise<NodeJS.Dict<string | string[]>>;
  readonly closed: Promise<{ code: number; reason: string }>;
  private readonly replies: string[] = [];
  private readonly waiters: ((reply: string) => void)[] = [];

  constructor(url: string, token: string | null, protocols: string[] = []) {
    const headers = token === null ? {} : { authorization: `Bearer ${token}` };
    this.socket = new WebSocket(`${url.replace("http", "ws")}/v1/positions`, protocols, { headers });
    this.headers = once(this.socket, "upgrade").then(([response]) => response.headers);
    this.headers.catch(() => {});
    this.closed = once(this.socket, "close").then(([code, reason]) => ({ code, reason: String(reason) }));
    this.closed.catch(() => {});
    this.socket.on("message", (data) => {
      const waiter = this.waiters.shift();
      if (waiter === undefined) this.replies.push(data.toString());
      else waiter(data.toString());
    });
  }

  async opened(): Promise<this> {
    await once(this.socket, "open");
    this.socket.on("error", () => {});
    return this;
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  async reply(): Promise<Record<string, unknown>> {
    const text = this.replies.shift() ?? (await new Promise<string>((resolve) => this.waiters.push(resolve)));
    return JSON.parse(text);
  }

  async ask(frame: unknown): Promise<Record<string, unknown>> {
    this.send(frame);
    return this.reply();
  }
}

/** The HTTP status with which an upgrade is refused. */
export async function refusedStatus(
  url: string,
  headers: Record<string, string>,
  protocols: string[] = [],
): Promise<number> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/v1/positions`, protocols, { headers });
  socket.on("error", () => {});
  const [, response] = await once(socket, "unexpected-response");
  response.resume();
  return response.statusCode;
}
