import type { Fix } from "@encounter/core/domain/fix";

/** A fix in the contract's form, as text. */
export function fixText(fix: Fix, venueId: string): string {
  const { deviceId, fixTimeMs, longitude, latitude, floor, accuracyM } = fix;
  const position = `{"latitude":${latitude.toFixed(7)},"longitude":${longitude.toFixed(7)},"floor":${floor},"accuracy":${accuracyM}}`;
  return `{"device_id":"${deviceId}","venue_id":"${venueId}","timestamp":${fixTimeMs},"position":${position}}`;
}

/** One WebSocket text frame as clients must send it: masked (RFC 6455, section 5.2). */
export function clientFrame(text: string, mask: number): Buffer {
  const payload = Buffer.from(text);
  const head = header(payload.length);
  const maskAt = head.length;
  const frame = Buffer.concat([head, Buffer.alloc(4), payload]);
  frame.writeUInt32BE(mask >>> 0, maskAt);
  for (let i = 0; i < payload.length; i++) {
    const at = maskAt + 4 + i;
    frame[at] = (frame[at] as number) ^ (frame[maskAt + (i & 3)] as number);
  }
  return frame;
}

const FINAL_TEXT = 0x81;
const MASKED = 0x80;

function header(length: number): Buffer {
  if (length < 126) return Buffer.from([FINAL_TEXT, MASKED | length]);
  if (length < 65_536) return Buffer.from([FINAL_TEXT, MASKED | 126, length >> 8, length & 0xff]);
  const head = Buffer.from([FINAL_TEXT, MASKED | 127, 0, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(length, 6);
  return head;
}
