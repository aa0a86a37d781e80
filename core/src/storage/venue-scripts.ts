/**
 * Creates a venue or changes its settings, if it is still as it was when the change was judged.
 *
 * KEYS  1 venue record, 2 minutes of its incarnation
 * ARGV  1 version that the change was judged by, empty for none, 2 new version, 3 incarnation, 4 settings as JSON,
 *       5 "1" where the change is allowed only while the venue has no fixes, 6 fingerprint of the key of its pseudonyms or "",
 *       7 "1" where devices are named otherwise from now on: allowed only while it knows none, by fix or credential
 * Returns 1 when saved, 0 where the record is another by now, -1 where the venue has fixes, -2 where it knows devices.
 */
export const SAVE_VENUE_SCRIPT = `
local version = redis.call('HGET', KEYS[1], 'version') or ''
if version ~= ARGV[1] then return 0 end
local hasFixes = redis.call('EXISTS', KEYS[2]) == 1
if ARGV[7] == '1' and (hasFixes or redis.call('HEXISTS', KEYS[1], 'named') == 1) then return -2 end
if ARGV[5] == '1' and hasFixes then return -1 end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'incarnation', ARGV[3], 'settings', ARGV[4])
if ARGV[6] == '' then redis.call('HDEL', KEYS[1], 'pseudonym_key') else redis.call('HSET', KEYS[1], 'pseudonym_key', ARGV[6]) end
return 1
`;

/**
 * Ends a venue: from then on no script of its incarnation writes.
 *
 * KEYS  1 venue record
 * ARGV  1 incarnation
 * Returns 1, or 0 where that incarnation is gone already.
 */
export const DELETE_VENUE_SCRIPT = `
if redis.call('HGET', KEYS[1], 'incarnation') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`;

/**
 * Stores a venue's floor plan.
 *
 * KEYS  1 venue record, 2 plan
 * ARGV  1 incarnation, 2 plan as text
 * Returns the plan's revision, or -1 where the venue is gone.
 */
export const STORE_PLAN_SCRIPT = `
if redis.call('HGET', KEYS[1], 'incarnation') ~= ARGV[1] then return -1 end
redis.call('SET', KEYS[2], ARGV[2])
return redis.call('HINCRBY', KEYS[1], 'plan', 1)
`;

/**
 * Notes where a venue is, unless its plan or what was noted is another by now.
 *
 * KEYS  1 venue record
 * ARGV  1 incarnation, 2 revision of the plan that it was made by, 3 place noted before, empty for none, 4 place
 * Returns the place that is noted now, or nothing where there is none or the venue is gone.
 */
export const STORE_PLACE_SCRIPT = `
local about = redis.call('HMGET', KEYS[1], 'incarnation', 'plan', 'place')
if about[1] ~= ARGV[1] then return false end
if (about[2] or '0') ~= ARGV[2] or (about[3] or '') ~= ARGV[3] then return about[3] end
redis.call('HSET', KEYS[1], 'place', ARGV[4])
return ARGV[4]
`;
