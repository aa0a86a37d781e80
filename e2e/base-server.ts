import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Somebody else's server of styles and tiles: another origin, which lets any page read what it has. */
export class BaseServer {
  /** What it serves, by path. */
  readonly files = new Map<string, Uint8Array>();
  /** Paths that were asked for, in order. */
  readonly asked: string[] = [];
  private readonly server: Server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", this.url).pathname;
    this.asked.push(path);
    const file = this.files.get(path);
    const cors = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
    if (file === undefined || request.method === "OPTIONS") response.writeHead(file ? 204 : 404, cors).end();
    else if (request.headers.range === undefined) response.writeHead(200, cors).end(file);
    else {
      const [from = 0, to = 0] = (request.headers.range.match(/\d+/g) ?? []).map(Number);
      const part = file.subarray(from, to + 1);
      const range = `bytes ${from}-${from + part.length - 1}/${file.length}`;
      response.writeHead(206, { ...cors, "content-range": range }).end(part);
    }
  });

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async start(): Promise<void> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
