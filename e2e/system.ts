import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startRedisServer, type TestRedis } from "../core/test/redis-server.ts";
import { urlFor } from "../core/test/redis-users.ts";

export const OPERATOR_TOKEN = "operator-token-of-the-whole-system";
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const READY_TIMEOUT_MS = 60_000;

export type ServiceName = "ingest" | "processor" | "api";

/** One service as a process of its own. */
class ServiceProcess {
  readonly name: ServiceName;
  private readonly root: string;
  private readonly nodeArguments: readonly string[];
  private environment: Record<string, string>;
  private child: ChildProcess | null = null;
  private said = "";

  constructor(root: string, name: ServiceName, environment: Record<string, string>, nodeArguments: readonly string[]) {
    this.nodeArguments = nodeArguments;
    this.root = root;
    this.name = name;
    this.environment = environment;
  }

  /** Starts it and waits for the log line that says it is ready. @returns the URL it listens on, where it does */
  async start(): Promise<string | undefined> {
    this.said = "";
    const child = spawn(process.execPath, [...this.nodeArguments, `${this.name}/dist/main.js`], {
      cwd: this.root,
      env: { ...process.env, ...this.environment, LOG_LEVEL: "info" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    const line = await this.readyLine(child);
    return (JSON.parse(line) as { url?: string }).url;
  }

  /** What it is told from the next start on. */
  set(settings: Readonly<Record<string, string>>): void {
    this.environment = { ...this.environment, ...settings };
  }

  private readyLine(child: ChildProcess): Promise<string> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`${this.name} ${why}:\n${this.said}`));
      const timer = setTimeout(() => fail(`was not ready within ${READY_TIMEOUT_MS} ms`), READY_TIMEOUT_MS);
      child.once("exit", (code) => fail(`ended with ${code}`));
      const listen = (chunk: Buffer) => {
        this.said = (this.said + chunk.toString()).slice(-200_000);
        const line = this.said.split("\n").find((each) => each.includes('"msg":"ready"'));
        if (line === undefined) return;
        clearTimeout(timer);
        resolve(line);
      };
      child.stdout?.on("data", listen);
      child.stderr?.on("data", listen);
    });
  }

  get log(): string {
    return this.said;
  }

  get isRunning(): boolean {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.child;
    this.child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = once(child, "exit");
    child.kill(signal);
    const [code] = await ended;
    return code as number | null;
  }
}

export interface SystemOptions {
  /** The project's folder, in which everything is built. */
  readonly root?: string;
  /** For Node, before the program's name. */
  readonly nodeArguments?: readonly string[];
  /** What is set for all three beside the usual. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Redis and the three services as processes, each as its own user of Redis, with what a test needs to talk to them. */
export class System {
  readonly redis: TestRedis;
  private readonly services: Record<ServiceName, ServiceProcess>;
  ingestUrl = "";
  apiUrl = "";
  processorUrl = "";

  private constructor(redis: TestRedis, { root = ROOT, nodeArguments = [], environment = {} }: SystemOptions) {
    this.redis = redis;
    const shared = { OPERATOR_TOKEN, INGEST_PORT: "0", PROCESSOR_PORT: "0", API_PORT: "0", ...environment };
    const process = (name: ServiceName) =>
      new ServiceProcess(root, name, { ...shared, REDIS_URL: urlFor(name, redis.url) }, nodeArguments);
    this.services = { ingest: process("ingest"), processor: process("processor"), api: process("api") };
  }

  static async start(options: SystemOptions = {}): Promise<System> {
    const system = new System(await startRedisServer({ withUsers: true }), options);
    try {
      await Promise.all([system.startService("ingest"), system.startService("processor"), system.startService("api")]);
      return system;
    } catch (error) {
      await system.stop();
      throw error;
    }
  }

  async startService(name: ServiceName): Promise<void> {
    const url = (await this.services[name].start()) ?? "";
    if (name === "processor") this.processorUrl = url;
    if (name === "ingest") this.ingestUrl = url;
    if (name === "api") this.apiUrl = url;
    // From the next start on it listens where it did: a page that is open finds it again.
    if (name === "ingest") this.services.ingest.set({ INGEST_PORT: new URL(url).port });
    if (name === "api") this.services.api.set({ API_PORT: new URL(url).port });
  }

  /** Starts a service anew with settings beside those it had. */
  async restartWith(name: ServiceName, settings: Readonly<Record<string, string>>): Promise<void> {
    await this.stopService(name);
    this.services[name].set(settings);
    await this.startService(name);
  }

  /** Ends a service at once, as a machine's failure would. */
  kill(name: ServiceName): Promise<number | null> {
    return this.services[name].end("SIGKILL");
  }

  /** Asks a service to end. @returns its exit code */
  stopService(name: ServiceName): Promise<number | null> {
    return this.services[name].end("SIGTERM");
  }

  isRunning(name: ServiceName): boolean {
    return this.services[name].isRunning;
  }

  logOf(name: ServiceName): string {
    return this.services[name].log;
  }

  async stop(): Promise<void> {
    for (const name of ["ingest", "processor", "api"] as const) await this.services[name].end("SIGKILL");
    await this.redis.stop();
  }

  /** A call on the operators' door. */
  call(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${OPERATOR_TOKEN}`, "content-type": "application/json", ...init.headers };
    return fetch(`${this.apiUrl}${path}`, { ...init, headers });
  }

  /** A call that must succeed; its JSON, where it has any. */
  async json<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await this.call(path, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${init.method ?? "GET"} ${path}: ${response.status} ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as Answer;
  }

  /** Creates a venue. @returns a gateway key for it */
  async newVenue(venueId: string, settings: object): Promise<string> {
    const path = `/v1/venues/${encodeURIComponent(venueId)}`;
    await this.json(path, { method: "PUT", body: JSON.stringify(settings) });
    const { key } = await this.json<{ key: string }>(`${path}/keys`, { method: "POST", body: '{"name":"e2e"}' });
    return key;
  }

  status(venueId: string): Promise<Record<string, number | null>> {
    return this.json(`/v1/venues/${encodeURIComponent(venueId)}/status`);
  }

  /** Every contact that a query finds, page by page. */
  async contacts(venueId: string, query: Record<string, string | number>): Promise<Contact[]> {
    const contacts: Contact[] = [];
    let cursor: string | null = null;
    do {
      const parameters = new URLSearchParams({ limit: "1000" });
      for (const [name, value] of Object.entries(query)) parameters.set(name, String(value));
      if (cursor !== null) parameters.set("cursor", cursor);
      const path = `/v1/venues/${encodeURIComponent(venueId)}/contacts?${parameters}`;
      const page: { contacts: Contact[]; next_cursor: string | null } = await this.json(path);
      contacts.push(...page.contacts);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return contacts;
  }
}

export interface Contact {
  readonly device_id: string;
  readonly other: string;
  readonly start: number;
  readonly end: number;
  readonly minutes: number;
  readonly certain_minutes: number;
}
