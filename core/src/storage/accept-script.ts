import type { VenueKeys } from "./keys.ts";

/** Seconds that a minute's geo sets and cells live after their last fix. */
export const INDEX_TTL_S = 3_600;
/** Seconds that a venue's stream reaches back. */
export const STREAM_TTL_S = 60;

/**
 * Stores a batch: first fix of a device in a minute wins, all of it or nothing, and doing it again changes nothing but
 * the stream. The stream's entries: b batch, o answer, c fixes of this call with those left out, t fixes received so
 * far, d second batch or "".
 *
 * KEYS  1 venue record, 2 state, 3 devices, 4 names, 5 minutes, 6 pending, 7 stream,
 *       then for each minute of the batch: fixes, minute, cells, and for each of its cells: index
 * ARGV  1 version of the venue record the batch was judged by, 2 batch, 3 retention in seconds,
 *       4 a second batch, for the stream alone: per device the newest of the fixes left out as repeated
 *       within the batch, or "", 5 how many were left out
 * Returns one character per fix of the batch, in its order: "1" accepted, "0" repeated;
 *       or the number -1 where the record's version is another (judge again by the new one) or gone.
 */
export const ACCEPT_SCRIPT = `
if redis.call('HGET', KEYS[1], 'version') ~= ARGV[1] then return -1 end
local batch = cmsgpack.unpack(ARGV[2])
local retention = tonumber(ARGV[3])
local state, devices, names = KEYS[2], KEYS[3], KEYS[4]
local outcomes, total, accepted, key = {}, 0, 0, 7
for m = 1, #batch do
  local group = batch[m]
  local minute, radius = group[1], group[2]
  local fixesKey, minuteKey, cellsKey = KEYS[key + 1], KEYS[key + 2], KEYS[key + 3]
  key = key + 3
  local about = redis.call('HMGET', minuteKey, 'n', 'r')
  local n = tonumber(about[1]) or 0
  local before = n
  for c = 3, #group do
    key = key + 1
    local cell = group[c]
    local ids, bodies, scores = cell[2], cell[3], cell[4]
    local count = #ids
    local numbers = redis.call('HMGET', devices, unpack(ids))
    local registered = {}
    for i = 1, count do
      if not numbers[i] then
        local number = redis.call('HINCRBY', state, 'devices', 1)
        numbers[i] = string.format('%d', number)
        registered[#registered + 1] = i
      end
    end
    if #registered > 0 then
      local byId, byNumber = {}, {}
      for j = 1, #registered do
        local i = registered[j]
        byId[2 * j - 1], byId[2 * j] = ids[i], numbers[i]
        byNumber[2 * j - 1], byNumber[2 * j] = numbers[i], ids[i]
      end
      redis.call('HSET', devices, unpack(byId))
      redis.call('HSET', names, unpack(byNumber))
    end
    local had = redis.call('HMGET', fixesKey, unpack(numbers))
    local records, points, fresh = {}, {}, 0
    for i = 1, count do
      total = total + 1
      if had[i] then
        outcomes[total] = '0'
      else
        outcomes[total] = '1'
        fresh = fresh + 1
        records[2 * fresh - 1], records[2 * fresh] = numbers[i], struct.pack('<I4', n) .. bodies[i]
        points[2 * fresh - 1], points[2 * fresh] = scores[i], numbers[i]
        n = n + 1
      end
    end
    if fresh > 0 then
      redis.call('HSET', fixesKey, unpack(records))
      redis.call('ZADD', KEYS[key], unpack(points))
      redis.call('ZINCRBY', cellsKey, fresh, cell[1])
      redis.call('EXPIRE', KEYS[key], ${INDEX_TTL_S})
    end
  end
  if n > before then
    accepted = accepted + n - before
    if not about[2] or tonumber(about[2]) < radius then
      redis.call('HSET', minuteKey, 'n', n, 'r', radius)
    else
      redis.call('HSET', minuteKey, 'n', n)
    end
    redis.call('EXPIRE', cellsKey, ${INDEX_TTL_S})
    redis.call('ZADD', KEYS[6], minute, minute)
    if before == 0 then
      redis.call('ZADD', KEYS[5], minute, minute)
      local expiry = (minute + 1) * 60 + retention
      redis.call('EXPIREAT', fixesKey, expiry)
      redis.call('EXPIREAT', minuteKey, expiry + 86400)
    end
  end
end
if accepted > 0 then redis.call('HINCRBY', state, 'unevaluated', accepted) end
local count = total + tonumber(ARGV[5])
local received = redis.call('HINCRBY', state, 'received', count)
local answer = table.concat(outcomes)
local oldest = redis.call('TIME')[1] * 1000 - ${STREAM_TTL_S * 1000}
redis.call('XADD', KEYS[7], 'MINID', '~', oldest, '*',
  'b', ARGV[2], 'o', answer, 'c', count, 't', received, 'd', ARGV[4])
redis.call('EXPIRE', KEYS[7], ${2 * STREAM_TTL_S})
return answer
`;

/** The script's keys for a batch of this layout. */
export function acceptKeys(
  recordKey: string,
  keys: VenueKeys,
  layout: readonly { minute: number; floors: readonly number[] }[],
): string[] {
  const names = [recordKey, keys.state, keys.devices, keys.names, keys.minutes, keys.pending, keys.stream];
  for (const { minute, floors } of layout) {
    names.push(keys.fixes(minute), keys.minute(minute), keys.cells(minute));
    for (const floor of floors) names.push(keys.index(minute, floor));
  }
  return names;
}
