import fc from "fast-check";
import { clientFrame, upgradeRequest } from "../../core/test/raw-connection.ts";

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((each) => Buffer.from(each));

/** Near a frame of the WebSocket protocol: headers that lie, opcodes that are none, texts that are no UTF-8. */
const nearFrame = fc.oneof(
  fc
    .tuple(fc.nat(15), bytes(140), fc.boolean(), fc.option(fc.nat(2 ** 31), { nil: null }))
    .map(([opcode, payload, fin, length]) => clientFrame(opcode, payload, { fin, length: length ?? payload.length })),
  fc.tuple(fc.constantFrom(1, 0), bytes(20)).map(([opcode, payload]) => {
    return clientFrame(opcode, Buffer.concat([Buffer.from('{"a":"\u{1f600}').subarray(0, -1), payload]));
  }),
  // Reserved bits, no mask, a length beyond all numbers, a close code that is none.
  bytes(8).map((payload) => Buffer.concat([Buffer.from([0xf1, 0x80 | payload.length]), Buffer.alloc(4), payload])),
  bytes(8).map((payload) => Buffer.concat([Buffer.from([0x81, payload.length]), payload])),
  fc.constant(Buffer.from([0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])),
  fc.nat(65_535).map((code) => clientFrame(8, Buffer.from([code >> 8, code & 255]))),
  bytes(64),
);

/** What is sent on an open WebSocket: pieces that hold no fix, in any order. */
export const socketBytes = fc.array(nearFrame, { minLength: 1, maxLength: 6 }).map((each) => Buffer.concat(each));

const NAMES = ["Host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "Expect", "X-Forwarded-For"];
const VALUES = ["-1", "9999999999999999999", "chunked, chunked", "gzip", "keep-alive, Upgrade", "h2c", "100-continue"];
const header = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(...NAMES, "Authorization", "Cookie", "Content-Type", "Origin"),
      fc.string({ maxLength: 12 }),
    ),
    fc.oneof(fc.constantFrom(...VALUES), fc.string({ unit: "binary", maxLength: 40 })),
  )
  .map(([name, value]) => `${name}: ${value}`);
const method = fc.constantFrom(
  "GET",
  "POST",
  "PUT",
  "DELETE",
  "HEAD",
  "OPTIONS",
  "PATCH",
  "TRACE",
  "CONNECT",
  "PRI",
  "x",
);
const version = fc.constantFrom("HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/9", "");

const SEGMENTS = [
  "%",
  "%zz",
  "%00",
  "%ff",
  "%ed%a0%80",
  "%2e%2e",
  "..",
  "%2F",
  "__proto__",
  "a%20b",
  "%F0%9F%98%80",
  "",
];
const segment = fc.oneof(fc.constantFrom(...SEGMENTS), fc.string({ maxLength: 8 }).map(encodeURIComponent));

/** Paths that nearly lead somewhere. */
export function pathSalad(known: readonly string[]): fc.Arbitrary<string> {
  const filled = fc
    .tuple(fc.constantFrom(...known), fc.array(segment, { minLength: 3, maxLength: 3 }))
    .map(([path, segments]) => path.replaceAll("*", () => segments.pop() ?? ""));
  const odd = fc.constantFrom(
    "//",
    "///v1/positions",
    "/\\",
    "*",
    "http://[",
    "//:0",
    "/?",
    "/#",
    "/%",
    "",
    "/v1/../v1/venues",
  );
  const query = fc.oneof(
    fc.constant(""),
    fc.string({ maxLength: 20 }).map((text) => `?${text}`),
    fc.constant("?a[b]=1&a=2&%="),
  );
  return fc
    .tuple(fc.oneof({ weight: 5, arbitrary: filled }, { weight: 1, arbitrary: odd }), query)
    .map((each) => each.join(""));
}

/** A request that is no, or hardly, HTTP. */
export function rawRequest(known: readonly string[]): fc.Arbitrary<Buffer> {
  const path = pathSalad(known);
  const request = fc
    .tuple(method, path, version, fc.array(header, { maxLength: 6 }), bytes(40))
    .map(([verb, where, which, headers, body]) => {
      const head = [`${verb} ${where} ${which}`, ...headers].join("\r\n");
      return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, "latin1"), body]);
    });
  const upgrade = fc
    .tuple(
      path,
      fc.constantFrom("", "short", "bm90IHNpeHRlZW4=", "\u00ff"),
      fc.constantFrom("13", "8", "x"),
      fc.string({ maxLength: 20 }),
    )
    .map(([where, key, ws, protocol]) =>
      Buffer.from(
        upgradeRequest(where, {
          "Sec-WebSocket-Key": key,
          "Sec-WebSocket-Version": ws,
          "Sec-WebSocket-Protocol": protocol,
        }),
        "latin1",
      ),
    );
  return fc.oneof(
    { weight: 4, arbitrary: request },
    { weight: 3, arbitrary: upgrade },
    { weight: 1, arbitrary: bytes(200) },
  );
}
