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
 *       then for each minute of the batch: fixes, minute, cells, and for each of its floors: index
 * ARGV  1 version of the venue record the batch was judged by, 2 batch, 3 retention in seconds,
 *       4 a second batch, for the stream alone: per device the newest of the fixes left out as repeated
 *       within the batch, or "", 5 how many were left out
 * Returns one character per fix of the batch, in its order: "1" accepted, "0" repeated;
 *       or the number -1 where the record's version is another (judge again by the new one) or gone.
 */
export const ACCEPT_SCRIPT = `
local call = redis.call
if call('HGET', KEYS[1], 'version') ~= ARGV[1] then return -1 end
local batch = cmsgpack.unpack(ARGV[2])
local retention = tonumber(ARGV[3])
local state, devices, names = KEYS[2], KEYS[3], KEYS[4]
local outcomes, total, accepted, key = {}, 0, 0, 7

local function numbersOf(ids)
  local numbers = call('HMGET', devices, unpack(ids))
  local byId, byNumber, registered = {}, {}, 0
  for i = 1, #ids do
    if not numbers[i] then
      numbers[i] = string.format('%d', call('HINCRBY', state, 'devices', 1))
      byId[registered + 1], byId[registered + 2] = ids[i], numbers[i]
      byNumber[registered + 1], byNumber[registered + 2] = numbers[i], ids[i]
      registered = registered + 2
    end
  end
  if registered > 0 then
    call('HSET', devices, unpack(byId))
    call('HSET', names, unpack(byNumber))
  end
  return numbers
end

for m = 1, #batch do
  local minute, radius, ids, bodies, scores, floors = unpack(batch[m])
  local fixesKey, minuteKey, cellsKey = KEYS[key + 1], KEYS[key + 2], KEYS[key + 3]
  key = key + 3
  local about = call('HMGET', minuteKey, 'n', 'r')
  local n = tonumber(about[1]) or 0
  local before = n
  local numbers = numbersOf(ids)
  local had = call('HMGET', fixesKey, unpack(numbers))
  local records, at = {}, 0
  for f = 1, #floors do
    key = key + 1
    local cells, points, placed = floors[f], {}, 0
    for c = 1, #cells, 2 do
      local beforeCell = n
      for i = at + 1, at + cells[c + 1] do
        total = total + 1
        if had[i] then
          outcomes[total] = '0'
        else
          outcomes[total] = '1'
          local number, slot = numbers[i], 2 * (n - before)
          records[slot + 1], records[slot + 2] = number, struct.pack('<I4', n) .. bodies[i]
          points[placed + 1], points[placed + 2] = scores[i], number
          placed = placed + 2
          n = n + 1
        end
      end
      at = at + cells[c + 1]
      if n > beforeCell then call('ZINCRBY', cellsKey, n - beforeCell, cells[c]) end
    end
    if placed > 0 then
      call('ZADD', KEYS[key], unpack(points))
      call('EXPIRE', KEYS[key], ${INDEX_TTL_S})
    end
  end
  if n > before then
    accepted = accepted + n - before
    call('HSET', fixesKey, unpack(records))
    if not about[2] or tonumber(about[2]) < radius then
      call('HSET', minuteKey, 'n', n, 'r', radius)
    else
      call('HSET', minuteKey, 'n', n)
    end
    call('EXPIRE', cellsKey, ${INDEX_TTL_S})
    call('ZADD', KEYS[6], minute, minute)
    if before == 0 then call('ZADD', KEYS[5], minute, minute) end
    -- Also where the minute had fixes once and an erasure took the last of them: the hash is another then.
    if call('TTL', fixesKey) < 0 then
      local expiry = (minute + 1) * 60 + retention
      call('EXPIREAT', fixesKey, expiry)
      call('EXPIREAT', minuteKey, expiry + 86400)
    end
  end
end
if accepted > 0 then call('HINCRBY', state, 'unevaluated', accepted) end
local count = total + tonumber(ARGV[5])
local received = call('HINCRBY', state, 'received', count)
local answer = table.concat(outcomes)
local oldest = call('TIME')[1] * 1000 - ${STREAM_TTL_S * 1000}
call('XADD', KEYS[7], 'MINID', '~', oldest, '*',
  'b', ARGV[2], 'o', answer, 'c', count, 't', received, 'd', ARGV[4])
call('EXPIRE', KEYS[7], ${2 * STREAM_TTL_S})
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
