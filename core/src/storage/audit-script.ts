/**
 * Appends one entry to the audit log if its end is still the one that the caller made the entry's hash from: whatever
 * number of processes append, the chain holds. With a mark, only the first entry of that mark is appended.
 *
 * KEYS  1 the log, 2 what is known of its end: "count" and "hash", 3 (may be absent) the mark
 * ARGV  1 count that the caller knows, 2 hash that the caller knows, 3 the entry, 4 its hash, 5 the mark's lifetime (ms)
 * Returns {1}, or {2} where the mark was there, or {0, count, hash} where the end is another.
 */
export const APPEND_AUDIT_SCRIPT = `
if KEYS[3] and redis.call('EXISTS', KEYS[3]) == 1 then return {2} end
local head = redis.call('HMGET', KEYS[2], 'count', 'hash')
local count, hash = head[1] or '0', head[2] or ''
if count ~= ARGV[1] or hash ~= ARGV[2] then return {0, count, hash} end
local nextCount = string.format('%.0f', tonumber(count) + 1)
redis.call('XADD', KEYS[1], nextCount .. '-0', 'e', ARGV[3], 'h', ARGV[4])
redis.call('HSET', KEYS[2], 'count', nextCount, 'hash', ARGV[4])
if KEYS[3] then redis.call('SET', KEYS[3], nextCount, 'PX', ARGV[5]) end
return {1}
`;

/**
 * Removes the oldest entries of the audit log up to one of them, which becomes what the rest hangs on. By the server's own
 * clock each must be past its retention, whatever the caller's says; of one whose text cannot be read nobody knows.
 *
 * KEYS  1 the log, 2 the anchor: "count", "hash", "at", "seal"
 * ARGV  1 count of the anchor as the caller knows it, 2 number of the last entry to go, 3 its hash, 4 time of the newest
 *       that goes (ms), 5 the anchor's seal, 6 retention (ms)
 * Returns how many were removed; 0 where the anchor is another, the entry is, or any is too young.
 */
export const TRIM_AUDIT_SCRIPT = `
if (redis.call('HGET', KEYS[2], 'count') or '0') ~= ARGV[1] then return 0 end
local clock = redis.call('TIME')
local before = clock[1] * 1000 + math.floor(clock[2] / 1000) - ARGV[6]
local entries = redis.call('XRANGE', KEYS[1], '-', ARGV[2] .. '-0')
local last = entries[#entries]
if not last or last[1] ~= ARGV[2] .. '-0' or last[2][4] ~= ARGV[3] then return 0 end
for _, entry in ipairs(entries) do
  if not (cjson.decode(entry[2][2]).at < before) then return 0 end
end
redis.call('XTRIM', KEYS[1], 'MINID', string.format('%.0f', tonumber(ARGV[2]) + 1) .. '-0')
redis.call('HSET', KEYS[2], 'count', ARGV[2], 'hash', ARGV[3], 'at', ARGV[4], 'seal', ARGV[5])
return #entries
`;
