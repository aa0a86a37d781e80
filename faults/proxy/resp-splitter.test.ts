import fc from "fast-check";
import { expect, test } from "vitest";
import { RespSplitter } from "./resp-splitter.ts";

function encode(members: readonly Uint8Array[]): Buffer {
  const parts = members.flatMap((member) => [
    Buffer.from(`$${member.length}\r\n`),
    Buffer.from(member),
    Buffer.from("\r\n"),
  ]);
  return Buffer.concat([Buffer.from(`*${members.length}\r\n`), ...parts]);
}

test("commands come out whole and in order, however the bytes come in", () => {
  const commands = fc.array(fc.array(fc.uint8Array({ maxLength: 20 }), { minLength: 1, maxLength: 5 }), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(commands, fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (sent, lengths) => {
      const encoded = sent.map(encode);
      const bytes = Buffer.concat(encoded);
      const splitter = new RespSplitter();
      const found: Buffer[] = [];
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const length = lengths[turn % lengths.length] as number;
        found.push(...splitter.add(bytes.subarray(at, at + length)));
        at += length;
      }
      expect(found.map((command) => command.toString("hex"))).toEqual(
        encoded.map((command) => command.toString("hex")),
      );
    }),
  );
});

test("what is no command is not passed over in silence", () => {
  expect(() => new RespSplitter().add(Buffer.from("PING\r\n"))).toThrow("sent no *");
});
