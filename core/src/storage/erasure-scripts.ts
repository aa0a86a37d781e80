/**
 * Scripts of the erasure of one device. Each does nothing for a venue that was deleted meanwhile, and all are
 * idempotent: an erasure that was killed at any point begins anew. What they remove they count in the erasure's hash in
 * the same step, so that its receipt is right however often it began.
 */

/** A place that was noted amid fixes may be where the device was: it is noted anew amid those of the others. */
const FORGET_PLACE = `
local place = redis.call('HGET', KEYS[1], 'place')
if place and not string.find(place, ',null]', 1, true) then redis.call('HDEL', KEYS[1], 'place') end
`;

/**
 * Begins an erasure: from then on nothing leads from the device's id to what is stored of it, its number is never given
 * out again, and its tokens are dead. The stream goes, too: entries deleted within it would stay in memory and on disk.
 *
 * KEYS  1 venue record, 2 erasures under way, 3 erasure, 4 devices, 5 names, 6 first seen, 7 last seen, 8 the device's tokens,
 *       9 stream, 10 all erasures
 * ARGV  1 incarnation, 2 erasure id, 3 device id, 4 now (ms)
 * Returns 1, or 0 where the venue is gone.
 */
export const BEGIN_ERASURE_SCRIPT = `
if redis.call('HGET', KEYS[1], 'incarnation') ~= ARGV[1] then return 0 end
if redis.call('EXISTS', KEYS[3]) == 1 then return 1 end
local number = redis.call('HGET', KEYS[4], ARGV[3])
redis.call('HSET', KEYS[3], 'requested', ARGV[4], 'device', ARGV[3], 'tokens', redis.call('HLEN', KEYS[8]))
if number then
  redis.call('HSET', KEYS[3], 'number', number)
  redis.call('HDEL', KEYS[4], ARGV[3])
  redis.call('HDEL', KEYS[5], number)
  redis.call('ZREM', KEYS[6], number)
  redis.call('ZREM', KEYS[7], number)
end
redis.call('SADD', KEYS[2], ARGV[2])
redis.call('ZADD', KEYS[10], ARGV[4], ARGV[2])
redis.call('UNLINK', KEYS[8], KEYS[9])
redis.call('HINCRBY', KEYS[1], 'erasures', 1)
${FORGET_PLACE}
return 1
`;

/**
 * Takes a device's fixes out of some minutes. A minute's cells go with it: what its index still holds is not all of it,
 * and a later evaluation reads the exact fixes.
 *
 * KEYS  1 venue record, 2 erasure, then for each minute: fixes, cells, index of the fix's floor
 * ARGV  1 incarnation, 2 device number
 * Returns 1, or 0 where the venue is gone.
 */
export const ERASE_FIXES_SCRIPT = `
if redis.call('HGET', KEYS[1], 'incarnation') ~= ARGV[1] then return 0 end
local removed = 0
for at = 3, #KEYS, 3 do
  redis.call('ZREM', KEYS[at + 2], ARGV[2])
  redis.call('UNLINK', KEYS[at + 1])
  removed = removed + redis.call('HDEL', KEYS[at], ARGV[2])
end
if removed > 0 then redis.call('HINCRBY', KEYS[2], 'fixes', removed) end
return 1
`;

/**
 * Raises the fence: whatever was evaluated from fixes read before can no longer be stored.
 *
 * KEYS  1 venue record, 2 first seen, 3 last seen
 * ARGV  1 incarnation, 2 device number
 * Returns 1, or 0 where the venue is gone.
 */
export const FENCE_SCRIPT = `
if redis.call('HGET', KEYS[1], 'incarnation') ~= ARGV[1] then return 0 end
redis.call('HINCRBY', KEYS[1], 'erasures', 1)
redis.call('ZREM', KEYS[2], ARGV[2])
redis.call('ZREM', KEYS[3], ARGV[2])
${FORGET_PLACE}
return 1
`;

/**
 * Overwrites records of a list in place, where they still are the device's. Others may append to the list meanwhile.
 *
 * KEYS  1 venue record, 2 erasure, 3 list
 * ARGV  1 incarnation, 2 device number (u32, little-endian), 3 how many numbers a record begins with: 1 or 2, 4 what stands
 *       there then, as long as a record, 5 offsets of the records in bytes (u32 each, little-endian), 6 counter of the
 *       erasure, or ""
 * Returns 1, or 0 where the venue is gone.
 */
export const BLANK_SCRIPT = `
if redis.call('HGET', KEYS[1], 'incarnation') ~= ARGV[1] then return 0 end
local device, numbers, blank, offsets = ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]
local length, blanked = redis.call('STRLEN', KEYS[3]), 0
for at = 1, #offsets, 4 do
  local offset = struct.unpack('<I4', offsets, at)
  if offset + #blank <= length then
    local found = redis.call('GETRANGE', KEYS[3], offset, offset + 4 * numbers - 1)
    if string.sub(found, 1, 4) == device or string.sub(found, 5, 8) == device then
      redis.call('SETRANGE', KEYS[3], offset, blank)
      blanked = blanked + 1
    end
  end
end
if blanked > 0 and ARGV[6] ~= '' then redis.call('HINCRBY', KEYS[2], ARGV[6], blanked) end
return 1
`;

/**
 * Removes a key.
 *
 * KEYS  1 venue record, 2 erasure, 3 the key
 * ARGV  1 incarnation, 2 counter of the erasure
 * Returns 1, or 0 where the venue is gone.
 */
export const ERASE_KEY_SCRIPT = `
if redis.call('HGET', KEYS[1], 'incarnation') ~= ARGV[1] then return 0 end
if redis.call('UNLINK', KEYS[3]) == 1 then redis.call('HINCRBY', KEYS[2], ARGV[2], 1) end
return 1
`;

/**
 * Takes a device out of an invite. The use it made of the code stays counted.
 *
 * KEYS  1 venue record, 2 erasure, 3 invite
 * ARGV  1 incarnation, 2 device id
 * Returns 1, or 0 where the venue is gone.
 */
export const ERASE_INVITED_SCRIPT = `
if redis.call('HGET', KEYS[1], 'incarnation') ~= ARGV[1] then return 0 end
if redis.call('HDEL', KEYS[3], 'device:' .. ARGV[2]) == 1 then
  redis.call('HINCRBY', KEYS[3], 'gone', 1)
  redis.call('HINCRBY', KEYS[2], 'invites', 1)
end
return 1
`;

/** How long the receipt of a complete erasure is kept, seconds: a year. */
export const RECEIPT_TTL_S = 365 * 86_400;

/**
 * Notes that all is removed: from here on the erasure itself names no device.
 *
 * KEYS  1 venue record, 2 erasure
 * ARGV  1 incarnation, 2 now (ms)
 * Returns 1, or 0 where the venue is gone.
 */
export const SETTLE_ERASURE_SCRIPT = `
if redis.call('HGET', KEYS[1], 'incarnation') ~= ARGV[1] then return 0 end
redis.call('HSETNX', KEYS[2], 'removed', ARGV[2])
redis.call('HDEL', KEYS[2], 'device', 'number')
return 1
`;

/**
 * Completes an erasure, and lets go of those whose receipts have expired.
 *
 * KEYS  1 venue record, 2 erasures under way, 3 erasure, 4 all erasures
 * ARGV  1 incarnation, 2 erasure id, 3 now (ms), 4 what became of the append-only files
 * Returns 1, or 0 where the venue is gone.
 */
export const COMPLETE_ERASURE_SCRIPT = `
if redis.call('HGET', KEYS[1], 'incarnation') ~= ARGV[1] then return 0 end
if redis.call('SREM', KEYS[2], ARGV[2]) == 1 then
  redis.call('HSET', KEYS[3], 'completed', ARGV[3], 'files', ARGV[4])
  redis.call('EXPIRE', KEYS[3], ${RECEIPT_TTL_S})
  redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', tonumber(ARGV[3]) - ${2 * RECEIPT_TTL_S * 1000})
end
return 1
`;
