import { STREAM_TTL_S } from "./accept-script.ts";
import { CHUNK_MINUTES, DAY_MINUTES, dayOf, type VenueKeys } from "./keys.ts";

/**
 * Stores the pairs that some more fixes of a minute brought, and clears those fixes from pending, in one step. Fixes
 * of a minute are evaluated in the order of their ordinals; a part is the pairs of the fixes `from` to `to`, whole. A
 * part whose `from` is not where the minute stands changes nothing, so a slow or repeated worker undoes nothing and
 * doubles nothing. Nor does one that was made from fixes read before a device was erased: they may have held its.
 *
 * KEYS  1 venue record, 2 state, 3 pending, 4 minute, 5 pairs, 6 first seen, 7 last seen, 8 stream, 9 activity of the day,
 *       10... timelines
 * ARGV  1 incarnation, 2 minute, 3 from, 4 to, 5 retention in seconds, 6 pair records,
 *       7 the fixes evaluated, MessagePack: [fix time, device number, fix time, device number...],
 *       8 how many of the pairs are within the venue's default proximity,
 *       9 erasures of the venue as they were before the fixes were read,
 *       then one string of timeline records per timeline key
 * Returns how many fixes of the minute are evaluated now, -1 where the venue is gone, or -2 where another was faster or a
 * device was erased meanwhile.
 */
export const STORE_SCRIPT = `
if redis.call('HGET', KEYS[1], 'incarnation') ~= ARGV[1] then return -1 end
local minute, from, to = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local about = redis.call('HMGET', KEYS[4], 'n', 'e')
local function settle()
  redis.call('ZREM', KEYS[3], minute)
  if redis.call('EXISTS', KEYS[3]) == 0 then redis.call('HSET', KEYS[2], 'unevaluated', 0) end
end
if not about[1] then
  settle()
  return to
end
local n, evaluated = tonumber(about[1]), tonumber(about[2]) or 0
if evaluated ~= from then return -2 end
if (redis.call('HGET', KEYS[1], 'erasures') or '0') ~= ARGV[9] then return -2 end
local expiry = (tonumber(minute) + 1) * 60 + tonumber(ARGV[5])
if #ARGV[6] > 0 and redis.call('APPEND', KEYS[5], ARGV[6]) == #ARGV[6] then
  redis.call('EXPIREAT', KEYS[5], expiry)
end
local seen = cmsgpack.unpack(ARGV[7])
for at = 1, #seen, 4000 do
  local to = math.min(at + 3999, #seen)
  redis.call('ZADD', KEYS[6], 'LT', unpack(seen, at, to))
  redis.call('ZADD', KEYS[7], 'GT', unpack(seen, at, to))
end
local day = math.floor(tonumber(minute) / ${DAY_MINUTES})
local slot = 2 * (tonumber(minute) - day * ${DAY_MINUTES})
redis.call('BITFIELD', KEYS[9], 'INCRBY', 'u32', '#' .. slot, to - from, 'INCRBY', 'u32', '#' .. slot + 1, ARGV[8])
redis.call('EXPIREAT', KEYS[9], (day + 1) * ${DAY_MINUTES * 60} + tonumber(ARGV[5]))
local chunkEnd = (math.floor(tonumber(minute) / ${CHUNK_MINUTES}) + 1) * ${CHUNK_MINUTES} * 60
for i = 10, #KEYS do
  local records = ARGV[i]
  if redis.call('APPEND', KEYS[i], records) == #records then
    redis.call('EXPIREAT', KEYS[i], chunkEnd + tonumber(ARGV[5]))
  end
end
redis.call('HSET', KEYS[4], 'e', to)
redis.call('HINCRBY', KEYS[2], 'unevaluated', from - to)
if to >= n then settle() end
local newest = tonumber(redis.call('HGET', KEYS[2], 'newest'))
if not newest or newest < tonumber(minute) then redis.call('HSET', KEYS[2], 'newest', minute) end
local oldest = redis.call('TIME')[1] * 1000 - ${STREAM_TTL_S * 1000}
redis.call('XADD', KEYS[8], 'MINID', '~', oldest, '*', 'm', minute)
redis.call('EXPIRE', KEYS[8], ${2 * STREAM_TTL_S})
return to
`;

/** The script's keys before the timelines. */
export function storeKeys(recordKey: string, keys: VenueKeys, minute: number): string[] {
  return [
    recordKey,
    keys.state,
    keys.pending,
    keys.minute(minute),
    keys.pairs(minute),
    keys.firstSeen,
    keys.lastSeen,
    keys.stream,
    keys.activity(dayOf(minute)),
  ];
}
