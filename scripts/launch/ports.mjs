import { randomInt } from "node:crypto";
import net from "node:net";
import { Trouble } from "../trouble.mjs";

/**
 * The port to listen on: the wanted one if it is free, or for 0 any free one.
 * @param {string} variable the environment variable that chooses it, for the message
 * @param {number} port
 * @param {string} host
 * @returns {Promise<number>}
 * @throws {Trouble} if it is taken or cannot be had
 */
export async function claimPort(variable, port, host) {
  try {
    return await tryListen(port, host);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === "EADDRINUSE") {
      throw new Trouble(`Port ${port} on ${host} is taken: stop what uses it, or set ${variable} to another port.`);
    }
    if (code === "EACCES")
      throw new Trouble(`Port ${port} may not be used by this user: set ${variable} to one above 1023.`);
    throw new Trouble(`Cannot listen on ${host} (${code}): set HOST to an address of this machine.`);
  }
}

/**
 * A free loopback port below those that the system hands out for outgoing connections: otherwise, while Redis is
 * being restarted, a client's attempt to reach it could be given that very port as its own and keep it.
 */
export async function privatePort() {
  for (let attempt = 0; attempt < 100; attempt++) {
    const free = await tryListen(randomInt(16_000, 32_000), "127.0.0.1").catch(() => undefined);
    if (free !== undefined) return free;
  }
  throw new Trouble("No free port on 127.0.0.1 for the private Redis.");
}

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<number>} the port that was listened on for a moment
 */
function tryListen(port, host) {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = /** @type {net.AddressInfo} */ (server.address());
      server.close(() => resolve(address.port));
    });
  });
}

/**
 * The URL by which this machine reaches what listens on a host and port.
 * @param {string} host
 * @param {number} port
 */
export function urlOf(host, port, scheme = "http") {
  const reachable = { "0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1" }[host] ?? host;
  return `${scheme}://${net.isIPv6(reachable) ? `[${reachable}]` : reachable}:${port}`;
}
