/**
 * Reads the fixes in a box of a minute's floor: the geo set proposes names, the exact records follow, in one answer
 * of two strings. A reply of a thousand strings costs its reader more than the search itself.
 *
 * KEYS  1 geo set of the floor, 2 the minute's fixes
 * ARGV  1 longitude, 2 latitude, 3 width and 4 height in metres: the box, as GEOSEARCH wants it
 * Returns the device numbers, separated by commas, and their fix records, end to end; two empty strings where a record
 * is missing. It writes nothing.
 */
export const TILE_SCRIPT = `
local names = redis.call('GEOSEARCH', KEYS[1], 'FROMLONLAT', ARGV[1], ARGV[2], 'BYBOX', ARGV[3], ARGV[4], 'm')
local records = {}
for at = 1, #names, 5000 do
  local some = redis.call('HMGET', KEYS[2], unpack(names, at, math.min(at + 4999, #names)))
  local isWhole, text = pcall(table.concat, some)
  if not isWhole then return { '', '' } end
  records[#records + 1] = text
end
return { table.concat(names, ','), table.concat(records) }
`;

/** Reads numbers written in decimal digits and separated by commas. */
export function parseNumbers(text: Uint8Array, count: number): Uint32Array {
  const numbers = new Uint32Array(count);
  let at = 0;
  let value = 0;
  for (const byte of text) {
    if (byte === COMMA) {
      numbers[at++] = value;
      value = 0;
    } else value = value * 10 + byte - DIGIT_ZERO;
  }
  if (text.length > 0) numbers[at] = value;
  return numbers;
}

const COMMA = 0x2c;
const DIGIT_ZERO = 0x30;
