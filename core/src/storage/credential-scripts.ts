/**
 * Scripts of the credential store. Each looks first whether the venue still is the incarnation that the caller read:
 * nothing is written for a venue that was deleted meanwhile. All are idempotent: running one again with the same
 * arguments changes nothing and returns the same or "again". Those that store whose a credential is note in the venue's
 * record that devices are named: from then on it is fixed how.
 */

/** Most tokens of one device at a time; one more ends the one that would have ended first. */
export const TOKENS_PER_DEVICE_MAX = 16;

/**
 * Stores a gateway key.
 *
 * KEYS  1 venue record, 2 gateway keys
 * ARGV  1 incarnation, 2 key id, 3 what is kept of the key
 * Returns 1, or 0 where the venue is gone.
 */
export const STORE_GATEWAY_KEY_SCRIPT = `
if redis.call('HGET', KEYS[1], 'incarnation') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
return 1
`;

/**
 * Stores a device token and lets the others of its lineage (the operator's or invite's token that it descends from)
 * live for a grace only, so that a lineage has one long-lived token at most.
 *
 * KEYS  1 venue record, 2 the device's tokens: id to "expiry ms:lineage:hash of the secret"
 * ARGV  1 incarnation, 2 now (ms), 3 token id, 4 its expiry (ms), 5 hash of its secret, 6 its lineage, 7 grace (ms),
 *       8 id of the token that it replaces, whose lineage it then takes, or ""
 * Returns 1, or 0 where the venue is gone, or -1 where the token to replace is not valid any more.
 */
export const STORE_DEVICE_TOKEN_SCRIPT = `
if redis.call('HGET', KEYS[1], 'incarnation') ~= ARGV[1] then return 0 end
local function read(token)
  local expiry, lineage, hash = string.match(token, '^(%d+):([^:]*):(%x+)$')
  return tonumber(expiry), lineage, hash
end
local now, newId, last, lineage = tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4]), ARGV[6]
local graceEnd = now + tonumber(ARGV[7])
if ARGV[8] ~= '' then
  local replaced = redis.call('HGET', KEYS[2], ARGV[8])
  if not replaced then return -1 end
  local expiry, its = read(replaced)
  if expiry <= now then return -1 end
  lineage = its
end
local tokens, live = redis.call('HGETALL', KEYS[2]), {}
for i = 1, #tokens, 2 do
  local id = tokens[i]
  local expiry, its, hash = read(tokens[i + 1])
  if expiry <= now then
    redis.call('HDEL', KEYS[2], id)
  elseif id ~= newId then
    if its == lineage and expiry > graceEnd then
      expiry = graceEnd
      redis.call('HSET', KEYS[2], id, string.format('%.0f:%s:%s', expiry, its, hash))
    end
    live[#live + 1] = {id, expiry}
    last = math.max(last, expiry)
  end
end
table.sort(live, function(a, b) return a[2] < b[2] end)
for i = 1, #live - ${TOKENS_PER_DEVICE_MAX - 1} do redis.call('HDEL', KEYS[2], live[i][1]) end
redis.call('HSET', KEYS[1], 'named', 1)
redis.call('HSET', KEYS[2], newId, ARGV[4] .. ':' .. lineage .. ':' .. ARGV[5])
redis.call('PEXPIREAT', KEYS[2], string.format('%.0f', last))
return 1
`;

/**
 * Stores an invite code.
 *
 * KEYS  1 venue record, 2 invite, 3 the venue's invite codes
 * ARGV  1 incarnation, 2 hash of the code, 3 how many devices it lets in
 * Returns 1, or 0 where the venue is gone.
 */
export const STORE_INVITE_SCRIPT = `
if redis.call('HGET', KEYS[1], 'incarnation') ~= ARGV[1] then return 0 end
redis.call('SADD', KEYS[3], ARGV[2])
redis.call('HSET', KEYS[2], 'max', ARGV[3])
return 1
`;

/**
 * Lets a device in by an invite code. Devices are counted, not calls: one that the code let in already is let in again
 * and uses up nothing.
 *
 * KEYS  1 venue record, 2 invite: "max", one field "device:ID" for each device let in with the time of that (ms), and
 *       "gone", how many were let in that are forgotten
 * ARGV  1 incarnation, 2 device id, 3 now (ms)
 * Returns 1 let in, 2 let in again, 0 no such invite or the venue is gone, -1 used up.
 */
export const USE_INVITE_SCRIPT = `
if redis.call('HGET', KEYS[1], 'incarnation') ~= ARGV[1] then return 0 end
local max = tonumber(redis.call('HGET', KEYS[2], 'max'))
if not max then return 0 end
local field = 'device:' .. ARGV[2]
local isKnown = redis.call('HEXISTS', KEYS[2], field) == 1
if not isKnown then
  local gone = redis.call('HGET', KEYS[2], 'gone')
  local named = redis.call('HLEN', KEYS[2]) - 1
  if gone then named = named - 1 end
  if named + tonumber(gone or 0) >= max then return -1 end
end
redis.call('HSET', KEYS[1], 'named', 1)
redis.call('HSET', KEYS[2], field, ARGV[3])
return isKnown and 2 or 1
`;

/**
 * Notes a device as activated by the MappedIn contract, and makes sure of the venue's secret for it.
 *
 * KEYS  1 venue record, 2 devices of the MappedIn contract, 3 secret
 * ARGV  1 incarnation, 2 device id, 3 a secret for a venue that has none
 * Returns 1, or 0 where the venue is gone.
 */
export const NOTE_MAPPEDIN_DEVICE_SCRIPT = `
if redis.call('HGET', KEYS[1], 'incarnation') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'named', 1)
redis.call('SADD', KEYS[2], ARGV[2])
redis.call('SET', KEYS[3], ARGV[3], 'NX')
return 1
`;

/**
 * Removes a key where it still has the value that the caller knows.
 *
 * KEYS  1 the key
 * ARGV  1 the value
 * Returns 1 where it was removed, else 0.
 */
export const REMOVE_IF_SCRIPT = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`;
