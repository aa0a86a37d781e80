import { type ChildProcess, fork } from "node:child_process";
import { startAcknowledger } from "./acknowledger.ts";
import { type LoadOrder, type LoadResult, sendLoad } from "./load.ts";

/** What a process of the benchmark's own is there for. */
export type Role = "sender" | "acknowledger";

/** Plays a role in this process until the parent ends it. */
export async function play(role: Role): Promise<void> {
  process.on("disconnect", () => process.exit(0));
  if (role === "acknowledger") {
    process.send?.(await startAcknowledger());
    return;
  }
  process.on("message", (order: LoadOrder) => {
    sendLoad(order).then(
      (result) => process.send?.(result),
      (error: Error) => process.send?.({ trouble: error.stack ?? error.message }),
    );
  });
}

/** Starts a process of this program in a role. */
function start(role: Role): ChildProcess {
  return fork(process.argv[1] as string, ["--role", role], { execArgv: [] });
}

function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    const fail = (code: number | null) => reject(new Error(`a process of the benchmark ended with ${code}`));
    child.once("exit", fail);
    child.once("message", (message) => {
      child.off("exit", fail);
      resolve(message as Message);
    });
  });
}

/** A load generator in its own process. */
export class Sender {
  private readonly child = start("sender");

  async send(order: LoadOrder): Promise<LoadResult> {
    this.child.send(order);
    const result = await nextMessage<LoadResult | { trouble: string }>(this.child);
    if ("trouble" in result) throw new Error(result.trouble);
    return result;
  }

  end(): void {
    this.child.disconnect();
  }
}

/** The server that only acknowledges, in its own process. */
export async function startBareServer(): Promise<{ url: string; end: () => void }> {
  const child = start("acknowledger");
  return { url: await nextMessage<string>(child), end: () => child.disconnect() };
}
