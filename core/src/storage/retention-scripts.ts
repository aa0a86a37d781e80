/**
 * Scripts that forget what outlived its venue's retention and does not expire by itself. Each looks again, in one step
 * with what it removes, whether anything kept still needs it.
 */

/**
 * Forgets devices that have no fix in any minute that is kept: their id leads nowhere then, and begins anew with the
 * next fix.
 *
 * KEYS  1 venue record, 2 devices, 3 names, 4 first seen, 5 last seen, 6 pending, then the fixes of each pending minute
 * ARGV  1 incarnation, 2 devices last seen before this time may go (ms), 3 how many minutes are pending, then those, in their
 *       order, then device numbers
 * Returns how many were forgotten; -1 where the venue is gone or other minutes are pending by now.
 */
export const FORGET_DEVICES_SCRIPT = `
if redis.call('HGET', KEYS[1], 'incarnation') ~= ARGV[1] then return -1 end
local before, minutes = tonumber(ARGV[2]), tonumber(ARGV[3])
local pending = redis.call('ZRANGE', KEYS[6], 0, -1)
if #pending ~= minutes then return -1 end
for i = 1, minutes do
  if pending[i] ~= ARGV[3 + i] then return -1 end
end
local function isNeeded(number)
  local last = redis.call('ZSCORE', KEYS[5], number)
  if last and tonumber(last) >= before then return true end
  for i = 1, minutes do
    if redis.call('HEXISTS', KEYS[6 + i], number) == 1 then return true end
  end
  return false
end
local forgotten = 0
for at = 4 + minutes, #ARGV do
  local number = ARGV[at]
  if not isNeeded(number) then
    local id = redis.call('HGET', KEYS[3], number)
    if id and redis.call('HGET', KEYS[2], id) == number then redis.call('HDEL', KEYS[2], id) end
    forgotten = forgotten + redis.call('HDEL', KEYS[3], number)
    redis.call('ZREM', KEYS[4], number)
    redis.call('ZREM', KEYS[5], number)
  end
end
if forgotten > 0 then redis.call('HINCRBY', KEYS[1], 'forgotten', forgotten) end
return forgotten
`;

/**
 * Forgets who a device was that an invite let in, once it is neither seen nor has a token. Its use stays counted.
 *
 * KEYS  1 venue record, 2 invite, 3 devices, 4 the device's tokens
 * ARGV  1 incarnation, 2 device id, 3 let in before this time (ms)
 * Returns 1 where it was forgotten, else 0.
 */
export const FORGET_INVITED_SCRIPT = `
if redis.call('HGET', KEYS[1], 'incarnation') ~= ARGV[1] then return 0 end
local field = 'device:' .. ARGV[2]
local time = tonumber(redis.call('HGET', KEYS[2], field))
if not time or time >= tonumber(ARGV[3]) then return 0 end
if redis.call('HEXISTS', KEYS[3], ARGV[2]) == 1 or redis.call('EXISTS', KEYS[4]) == 1 then return 0 end
redis.call('HDEL', KEYS[2], field)
redis.call('HINCRBY', KEYS[2], 'gone', 1)
return 1
`;

/**
 * Forgets where a venue is that has no fixes any more, if that was noted amid fixes.
 *
 * KEYS  1 venue record, 2 minutes
 * ARGV  1 incarnation
 * Returns 1 where the venue is there, else 0.
 */
export const FORGET_PLACE_SCRIPT = `
if redis.call('HGET', KEYS[1], 'incarnation') ~= ARGV[1] then return 0 end
if redis.call('EXISTS', KEYS[2]) == 1 then return 1 end
local place = redis.call('HGET', KEYS[1], 'place')
if place and not string.find(place, ',null]', 1, true) then redis.call('HDEL', KEYS[1], 'place') end
return 1
`;
