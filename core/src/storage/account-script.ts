/**
 * Changes an account where nobody else has changed it since it was read.
 *
 * KEYS  1 accounts
 * ARGV  1 name, 2 what is stored, or "", 3 what is to be stored, or ""
 * Returns 1, or 0 where something else is stored.
 */
export const CHANGE_ACCOUNT_SCRIPT = `
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[1]) else redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
return 1
`;

/**
 * Counts an attempt before it is known whether it succeeds, so that many at once are counted, too.
 *
 * KEYS  1 the counter
 * ARGV  1 most attempts in a window, 2 the window (ms)
 * Returns 0 where it may be made, else how long to wait (ms).
 */
export const COUNT_ATTEMPT_SCRIPT = `
local count = tonumber(redis.call('GET', KEYS[1]) or '0')
if count >= tonumber(ARGV[1]) then
  local wait = redis.call('PTTL', KEYS[1])
  if wait > 0 then return wait end
end
if redis.call('INCR', KEYS[1]) == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
`;
