import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A line to a server on this machine that can be cut and mended. */
export class CutLine {
  private readonly server: Server;
  private readonly targetPort: number;
  private readonly ends = new Set<Socket>();
  private isCut = false;

  private constructor(targetPort: number) {
    this.targetPort = targetPort;
    this.server = createServer((near) => this.join(near));
  }

  static async to(targetPort: number): Promise<CutLine> {
    const line = new CutLine(targetPort);
    await new Promise<void>((resolve) => line.server.listen(0, "127.0.0.1", resolve));
    return line;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  private join(near: Socket): void {
    if (this.isCut) {
      near.destroy();
      return;
    }
    const far = connect(this.targetPort, "127.0.0.1");
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.ends.add(end);
      end.on("error", () => {});
      end.once("close", () => {
        this.ends.delete(end);
        other.destroy();
      });
      end.pipe(other);
    }
  }

  cut(): void {
    this.isCut = true;
    for (const end of this.ends) end.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
