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
