import { createHash } from 'node:crypto';

/** A Lua script: Redis runs one at a time, so what it reads and writes belongs together. */
export interface Script {
  readonly source: string;
  readonly sha: string;
}

// Only the first key is passed, and the others are made of it: so whatever a client puts in front of
// the keys it is given (`keyPrefix`) is in front of all of them, and they share one hash slot.
const KEYS = `
local log = KEYS[1]
local function key(name) return string.sub(log, 1, -4) .. name end
`;

// Numbers above 10^14 would be written with an exponent by tostring().
const DIGITS = `
local function digits(number) return string.format('%.0f', number) end
`;

/**
 * The end of the log. A log begins anew, under the epoch proposed, where there is none (first start,
 * FLUSHALL) or where it has lost entries that the caller has seen (a crash, a failover): their
 * numbers must not be given out a second time under the same epoch.
 */
const OPEN = `
local function open(proposed, seenEpoch, seenSeq)
  local meta = redis.call('HMGET', log, 'epoch', 'seq', 'volatile', 'forgotten')
  local epoch, seq = meta[1], tonumber(meta[2] or 0)
  if epoch and not (epoch == seenEpoch and seq < tonumber(seenSeq)) then
    return epoch, seq, tonumber(meta[3] or 0), tonumber(meta[4] or 0)
  end
  for _, channel in ipairs(redis.call('ZRANGE', key('channels'), 0, -1)) do
    redis.call('UNLINK', key('channel:' .. channel))
  end
  redis.call('UNLINK', log, key('tail'), key('channels'))
  redis.call('HSET', log, 'epoch', proposed, 'seq', 0)
  return proposed, 0, 0, 0
end
`;

/**
 * Arguments: proposed epoch, seen epoch, seen number.
 * Reply: epoch, head, how many volatile events there were.
 */
export const LOCATE = script(`${KEYS}${DIGITS}${OPEN}
local epoch, seq, volatile = open(ARGV[1], ARGV[2], ARGV[3])
return { epoch, digits(seq), digits(volatile) }
`);

/**
 * Arguments: as above, then writer, its number for this append, the lowest number it still waits for,
 * channel, encoded text, '1' for volatile, entries per channel, entries in the tail, milliseconds
 * after which an idle channel is forgotten.
 * Reply: the id of the entry and its place in the tail, or '' if the writer no longer waits for it.
 */
export const APPEND = script(`${KEYS}${DIGITS}${OPEN}
-- A client may send a command again whose reply was lost: what is done is not done twice.
local writer, number, lowest = key('writer:' .. ARGV[4]), ARGV[5], tonumber(ARGV[6])
local done = redis.call('HMGET', writer, number, 'lowest')
if done[1] then return done[1] end
local kept = tonumber(done[2] or lowest)
if tonumber(number) < kept then return '' end

local channel, text, volatile = ARGV[7], ARGV[8], ARGV[9] == '1'
local limit, tailLimit, maxAge = ARGV[10], ARGV[11], tonumber(ARGV[12])
local epoch, seq, _, forgotten = open(ARGV[1], ARGV[2], ARGV[3])

-- The first write, since a Redis that refuses to write refuses the first one.
local nth = 0
if volatile then
  nth = redis.call('HINCRBY', log, 'volatile', 1)
else
  seq = redis.call('HINCRBY', log, 'seq', 1)
end
local id, place = epoch .. '-' .. digits(seq), digits(seq) .. '-' .. digits(nth)
local bytes = text .. 'id: ' .. id .. '\\n\\n'

-- Fails if a foreign hand has put something there: that goes.
local function add(stream, maxLength, ...)
  local reply = redis.pcall('XADD', stream, 'MAXLEN', '=', maxLength, ...)
  if type(reply) == 'table' then
    redis.call('UNLINK', stream)
    redis.call('XADD', stream, 'MAXLEN', '=', maxLength, ...)
  end
end

local function forgetIdle(now)
  local before = '(' .. digits(now - maxAge)
  local idle = redis.call('ZRANGEBYSCORE', key('channels'), '-inf', before, 'LIMIT', 0, 3)
  for _, name in ipairs(idle) do
    local last = tonumber(redis.call('HGET', log, 'last:' .. name) or seq)
    if last > forgotten then
      forgotten = last
      redis.call('HSET', log, 'forgotten', digits(forgotten))
    end
    redis.call('HDEL', log, 'last:' .. name)
    redis.call('UNLINK', key('channel:' .. name))
    redis.call('ZREM', key('channels'), name)
  end
end

add(key('tail'), tailLimit, place, 'channel', channel, 'epoch', epoch, 'bytes', bytes)
if not volatile then
  local stream = key('channel:' .. channel)
  local last = redis.call('HGET', log, 'last:' .. channel)
  if not last then redis.call('UNLINK', stream) end
  add(stream, limit, place, 'previous', last or digits(forgotten), 'bytes', bytes)
  redis.call('HSET', log, 'last:' .. channel, digits(seq))
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('ZADD', key('channels'), digits(now), channel)
  forgetIdle(now)
end

local upTo = math.min(lowest, kept + 100)
for old = kept, upTo - 1 do redis.call('HDEL', writer, digits(old)) end
local reply = id .. ' ' .. place
redis.call('HSET', writer, number, reply, 'lowest', digits(upTo))
redis.call('PEXPIRE', writer, 3600000)
return reply
`);

/**
 * Arguments: channel, epoch, first number, how many.
 * Reply: epoch ('' for no log), head, number of the channel's newest entry ('' for an unknown
 * channel), number up to which channels were forgotten, entries. Of another epoch, the oldest.
 */
export const READ = script(`${KEYS}
local channel, epoch, first, count = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local meta = redis.call('HMGET', log, 'epoch', 'seq', 'last:' .. channel, 'forgotten')
local entries = {}
if meta[1] and meta[3] then
  local start = meta[1] == epoch and first or '-'
  entries = redis.call('XRANGE', key('channel:' .. channel), start, '+', 'COUNT', count)
end
return { meta[1] or '', meta[2] or '0', meta[3] or '', meta[4] or '0', entries }
`);

function script(source: string): Script {
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}
