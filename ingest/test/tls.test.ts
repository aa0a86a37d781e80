import { once } from "node:events";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { createLog } from "@encounter/core/service/log";
import { followRenewals, readMutualTls, readTls } from "@encounter/core/service/tls";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { type Certificate, TestAuthority, writeCertificate } from "../../core/test/certificates.ts";
import { type DoorUnderTest, startDoor } from "./door-under-test.ts";

const authority = new TestAuthority("authority");
const clients = new TestAuthority("authority of clients");
let folder: string;
let files: Record<string, string>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "encounter-tls-"));
  files = writeCertificate(folder, authority.issue("door"));
  writeFileSync(join(folder, "clients.pem"), clients.cert);
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Secrets extends Partial<Certificate> {
  readonly ca: string;
}

/** The status of a request that trusts the test's authority alone, or the error that it ends with. */
function ask(url: string, path: string, secrets: Secrets = { ca: authority.cert }): Promise<number | string> {
  return new Promise((resolve) => {
    const sent = request(`${url}${path}`, { ...secrets, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    sent.end();
  });
}

async function askBySocket(under: DoorUnderTest, key: string, secrets: Secrets): Promise<unknown> {
  const url = `${under.url.replace("https", "wss")}/v1/positions`;
  const socket = new WebSocket(url, { ...secrets, headers: { authorization: `Bearer ${key}` } });
  await once(socket, "open");
  socket.send("[]");
  const [data] = await once(socket, "message");
  socket.terminate();
  return JSON.parse(String(data));
}

describe("with a certificate", () => {
  let under: DoorUnderTest;
  beforeAll(async () => {
    under = await startDoor({ connectionsPerAddressMax: 3, headersTimeoutMs: 300, timeoutCheckMs: 50 }, Date.now, {
      ...files,
      TRUSTED_PROXIES: "203.0.113.1",
    });
  });
  afterAll(() => under.stop());

  test("calls and sockets are served, and only so", async () => {
    const { key } = await under.newVenue("secure");
    expect(under.url).toMatch(/^https:/);
    expect(await ask(under.url, "/health/ready")).toBe(200);
    expect(await askBySocket(under, key, { ca: authority.cert })).toMatchObject({ counts: {} });
    await expect(fetch(`${under.url.replace("https", "http")}/health/ready`)).rejects.toThrow();
    expect(await ask(under.url, "/health/ready", { ca: clients.cert })).toMatch(/SIGNATURE|VERIFY/);
  });

  test("connections are counted, and given back", async () => {
    for (let i = 0; i < 10; i++) expect(await ask(under.url, "/health/live")).toBe(200);
    const open = () => {
      const { port } = new URL(under.url);
      return connect({ host: "127.0.0.1", port: Number(port), ca: authority.cert });
    };
    const sockets: TLSSocket[] = [];
    await vi.waitFor(async () => {
      while (sockets.length < 3) sockets.push(open());
      await Promise.all(sockets.map((socket) => once(socket, "secureConnect")));
    });
    expect(await ask(under.url, "/health/live")).toBe("ECONNRESET");
    for (const socket of sockets) socket.destroy();
    await vi.waitFor(async () => expect(await ask(under.url, "/health/live")).toBe(200));
  });

  test("a renewed one is taken up, and one that does not fit its key is not", async () => {
    const server = await import("node:https").then(({ createServer }) => createServer());
    const renewed = writeCertificate(folder, authority.issue("old"));
    const config = readTls(renewed);
    server.setSecureContext({ cert: authority.cert, key: authority.key });
    const log = createLog("test", "silent");
    const info = vi.spyOn(log, "info");
    const warn = vi.spyOn(log, "warn");
    const stop = followRenewals(server, config, log, 20);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const subject = async () => {
      const { port } = server.address() as { port: number };
      const socket = connect({ host: "127.0.0.1", port, ca: authority.cert });
      await once(socket, "secureConnect");
      const { CN } = socket.getPeerCertificate().subject;
      socket.destroy();
      return CN;
    };
    const next = authority.issue("renewed");
    writeFileSync(renewed.TLS_CERT_FILE as string, next.cert);
    await vi.waitFor(() => expect(warn).toHaveBeenCalled());
    expect(info).not.toHaveBeenCalled();
    writeFileSync(renewed.TLS_KEY_FILE as string, next.key);
    utimesSync(renewed.TLS_KEY_FILE as string, 1, 1);
    await vi.waitFor(async () => expect(await subject()).toBe("renewed"));
    stop();
    server.close();
  });
});

describe("clients' certificates", () => {
  test.each(["required", "optional"])("are %s", async (TLS_CLIENT) => {
    const own = writeCertificate(folder, authority.issue("door"));
    const environment = { ...own, TLS_CLIENT_CA_FILE: join(folder, "clients.pem"), TLS_CLIENT };
    const under = await startDoor({}, Date.now, environment);
    const { key } = await under.newVenue("mutual");
    const known = { ca: authority.cert, ...clients.issue("device") };
    const strange = { ca: authority.cert, ...authority.issue("stranger") };
    expect(await ask(under.url, "/health/live", known)).toBe(200);
    expect(await askBySocket(under, key, known)).toMatchObject({ counts: {} });
    // A certificate is no credential: whose fixes they are is said by the token alone.
    const socket = new WebSocket(`${under.url.replace("https", "wss")}/v1/positions`, known);
    expect(String((await once(socket, "error"))[0])).toContain("401");
    for (const secrets of [{ ca: authority.cert }, strange]) {
      const answer = await ask(under.url, "/health/live", secrets);
      expect(answer === 200, String(answer)).toBe(TLS_CLIENT === "optional");
    }
    await under.stop();
  });
});

test("what does not go together is refused at the start", () => {
  const { TLS_CERT_FILE = "", TLS_KEY_FILE = "" } = files;
  const ca = join(folder, "clients.pem");
  expect(readMutualTls({})).toBeNull();
  for (const environment of [
    { TLS_CERT_FILE },
    { TLS_KEY_FILE },
    { TLS_CERT_FILE: "/nowhere/cert.pem", TLS_KEY_FILE },
    { TLS_CLIENT_CA_FILE: ca },
    { TLS_CERT_FILE, TLS_KEY_FILE, TLS_CLIENT: "optional" },
    { TLS_CERT_FILE, TLS_KEY_FILE, TLS_CLIENT_CA_FILE: ca, TLS_CLIENT: "never" },
  ]) {
    expect(() => readMutualTls(environment)).toThrow(/TLS/);
  }
});
