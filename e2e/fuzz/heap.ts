import { once } from "node:events";
import { WebSocket } from "ws";

/** Looks into the heap of a process that was started with `--inspect=127.0.0.1:0`. */
export class HeapProbe {
  private readonly socket: WebSocket;
  private asked = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
  }

  /** @param log what the process has said since it started: it names where its inspector listens */
  static async attach(log: string): Promise<HeapProbe> {
    const url = /Debugger listening on (ws:\S+)/.exec(log)?.[1];
    if (url === undefined) throw new Error(`no inspector in: ${log.slice(0, 500)}`);
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await once(socket, "open");
    return new HeapProbe(socket);
  }

  /** Bytes in use after everything that can be given back was. */
  async usedBytes(): Promise<number> {
    await this.ask("HeapProfiler.collectGarbage");
    return (await this.ask("Runtime.getHeapUsage")).usedSize as number;
  }

  close(): void {
    this.socket.terminate();
  }

  private async ask(method: string): Promise<Record<string, unknown>> {
    const id = ++this.asked;
    this.socket.send(JSON.stringify({ id, method }));
    for (;;) {
      const [data] = await once(this.socket, "message");
      const answer = JSON.parse(String(data)) as { id?: number; result: Record<string, unknown> };
      if (answer.id === id) return answer.result;
    }
  }
}
