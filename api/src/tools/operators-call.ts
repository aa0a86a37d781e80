import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { StartError } from "@encounter/core/service/environment";

/** Where the operators' door is and what opens it, for tools of the machine's owner. */
export interface Owner {
  readonly apiUrl: string;
  readonly token: string;
  /** What the api makes keyed hashes with. */
  readonly machineKey: string;
  readonly dataDir: string;
}

/** Reads what the options and the environment say, and else what `npm start` keeps. @throws StartError */
export function findOwner(options: { api?: string; "data-dir"?: string }, environment: NodeJS.ProcessEnv): Owner {
  const dataDir = resolve(options["data-dir"] ?? ".data");
  const token = environment.OPERATOR_TOKEN || kept(dataDir, "operator-token");
  if (token === null) throw new StartError("set OPERATOR_TOKEN, or say with --data-dir where npm start keeps its data");
  return {
    apiUrl: (options.api ?? `http://127.0.0.1:${environment.API_PORT || 8081}`).replace(/\/$/, ""),
    token,
    machineKey: environment.MACHINE_KEY || kept(dataDir, "machine-key") || token,
    dataDir,
  };
}

function kept(dataDir: string, name: string): string | null {
  try {
    return readFileSync(join(dataDir, name), "utf8").trim();
  } catch {
    return null;
  }
}

/** Makes a call. @throws StartError with what the door says, where that is no success */
export async function call<Answer>({ apiUrl, token }: Owner, method: string, path: string, body?: unknown) {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  const response = await fetch(`${apiUrl}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((error: Error) => {
    throw new StartError(`${apiUrl} does not answer (${error.message}): say with --api where the operators' door is`);
  });
  const text = await response.text();
  if (response.ok) return (text === "" ? undefined : JSON.parse(text)) as Answer;
  throw new StartError(`${method} ${path} was answered with ${response.status}: ${messageIn(text)}`);
}

function messageIn(text: string): string {
  try {
    return (JSON.parse(text) as { error: { message: string } }).error.message;
  } catch {
    return text.slice(0, 200);
  }
}

/** Runs a tool: what must be put right is one line and exit code 1. */
export async function runTool(tool: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await tool();
  } catch (error) {
    const isTrouble = error instanceof StartError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
    process.stderr.write(`${isTrouble ? (error as Error).message : (error as Error).stack}\n`);
    process.exitCode = 1;
  }
}
