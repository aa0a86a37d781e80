import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";

/**
 * What the devices' door is compared with: a server that only parses each frame and acknowledges it, with as many
 * bytes as the door's answer.
 */
export function startAcknowledger(): Promise<string> {
  const answer = '{"batch":null,"epoch":"00000000","counts":{"accepted":1}}';
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false, clientTracking: false });
  server.on("connection", (socket) => {
    socket.on("message", (data) => {
      JSON.parse((data as Buffer).toString("utf8"));
      socket.send(answer);
    });
  });
  return new Promise((resolve) => {
    server.once("listening", () => resolve(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1/positions`));
  });
}
