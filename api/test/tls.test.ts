import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { TestAuthority, writeCertificate } from "../../core/test/certificates.ts";
import { OPERATOR_TOKEN, OperatorsDoor } from "./operators-door.ts";

const authority = new TestAuthority("authority");
let folder: string;
let door: OperatorsDoor;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "encounter-tls-"));
  door = await OperatorsDoor.open(writeCertificate(folder, authority.issue("door")));
});
afterAll(async () => {
  await door.close();
  rmSync(folder, { recursive: true });
});

const headers = { authorization: `Bearer ${OPERATOR_TOKEN}` };

async function ask(path: string, method = "GET"): Promise<IncomingMessage> {
  const sent = request(`${door.api.url}${path}`, { ca: authority.cert, headers, method, agent: false }).end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  response.resume();
  return response;
}

test("with a certificate, calls and the live feed are served by TLS alone, and browsers are told to keep to it", async () => {
  expect(door.api.url).toMatch(/^https:/);
  const made = await ask("/v1/venues/secure", "PUT");
  expect(made.statusCode).toBeLessThan(300);
  expect(made.headers["strict-transport-security"]).toBe("max-age=31536000");
  const socket = new WebSocket(`${door.api.url.replace("https", "wss")}/v1/venues/secure/live`, {
    ca: authority.cert,
    headers,
  });
  const [hello] = await once(socket, "message");
  expect(JSON.parse(String(hello))).toMatchObject({ type: "hello", venue_id: "secure" });
  socket.terminate();
  await expect(fetch(`${door.api.url.replace("https", "http")}/health/ready`)).rejects.toThrow();
});
