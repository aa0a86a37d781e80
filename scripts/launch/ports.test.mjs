import net from "node:net";
import { afterEach, expect, test } from "vitest";
import { claimPort, privatePort, urlOf } from "./ports.mjs";

/** @type {net.Server | undefined} */
let occupant;
afterEach(() => {
  occupant?.close();
});

/** @returns {Promise<number>} a port that is in use until the test ends */
function occupy() {
  const server = net.createServer();
  occupant = server;
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(/** @type {net.AddressInfo} */ (server.address()).port));
  });
}

test("a port that is taken is named, with the variable that changes it", async () => {
  const port = await occupy();
  await expect(claimPort("API_PORT", port, "127.0.0.1")).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is taken: stop what uses it, or set API_PORT to another port.`,
  );
});

test("a free port is given as it was wanted, and 0 becomes a free one", async () => {
  const port = await claimPort("API_PORT", 0, "127.0.0.1");
  expect(port).toBeGreaterThan(0);
  expect(await claimPort("API_PORT", port, "127.0.0.1")).toBe(port);
});

test("an address that is not this machine's is named", async () => {
  await expect(claimPort("API_PORT", 0, "192.0.2.1")).rejects.toThrow("Cannot listen on 192.0.2.1");
});

test("Redis gets a port that no outgoing connection can be given", async () => {
  const port = await privatePort();
  expect(port).toBeGreaterThanOrEqual(16_000);
  expect(port).toBeLessThan(32_000);
});

test.each([
  ["127.0.0.1", "http://127.0.0.1:80"],
  ["0.0.0.0", "http://127.0.0.1:80"],
  ["::", "http://[::1]:80"],
  ["venue.example", "http://venue.example:80"],
])("what listens on %s is reached at %s", (host, url) => {
  expect(urlOf(host, 80)).toBe(url);
});
