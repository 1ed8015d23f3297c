import { createHash } from 'node:crypto';
import { OPEN } from './open-script.ts';

/** A Lua script: Redis runs one at a time, so what it reads and writes belongs together. */
export interface Script {
  readonly source: string;
  readonly sha: string;
}

/**
 * Arguments: proposed epoch, known history, then epoch, number and mark of entries that were seen.
 * Reply: epoch, head, how many volatile events there were, mark of the head, history.
 */
export const LOCATE = script(`${OPEN}
local epoch, seq, volatile, _, mark = open(ARGV[1], ARGV[2], { select(3, unpack(ARGV)) })
return { epoch, digits(seq), digits(volatile), mark, history() }
`);

/**
 * Arguments: proposed epoch; epoch, number and mark of what was seen; writer, its number for this
 * append, the lowest number it still waits for; channel, encoded text, '1' for volatile; entries per
 * channel, entries in the tail, milliseconds after which an idle channel is forgotten.
 * Reply: the id of the entry, its place in the tail, its mark; '' if its writer has given it up.
 */
export const APPEND = script(`${OPEN}
-- A client may send a command again whose reply was lost: what is done is not done twice.
local writer, number, lowest = key('writer:' .. ARGV[5]), ARGV[6], tonumber(ARGV[7])
local done = redis.call('HMGET', writer, number, 'lowest')
if done[1] then return done[1] end
local kept = tonumber(done[2] or lowest)
if tonumber(number) < kept then return '' end

local channel, text, volatile = ARGV[8], ARGV[9], ARGV[10] == '1'
local limit, tailLimit, maxAge = ARGV[11], ARGV[12], tonumber(ARGV[13])
local seen = { ARGV[2], ARGV[3], ARGV[4] }
local epoch, seq, _, forgotten, prior, last = open(ARGV[1], '', seen, channel)

-- The first write, since a Redis that refuses to write refuses the first one.
local nth, mark, head = 0, prior, digits(seq)
if volatile then
  nth = redis.call('HINCRBY', log, 'volatile', 1)
else
  seq = seq + 1
  mark = string.sub(redis.sha1hex(prior .. writer .. ' ' .. number), 1, 12)
  head = digits(seq)
  redis.call('HSET', log, 'seq', head, 'mark', mark, 'last:' .. channel, head)
end
local id, place = epoch .. '-' .. head, head .. '-' .. digits(nth)
local bytes = text .. 'id: ' .. id .. '\\n\\n'

-- "~" removes whole nodes, of 100 entries at most: exactly costs as much as adding does.
-- Fails if a foreign hand has put something there: that goes.
local function add(stream, maxLength, ...)
  local how = tonumber(maxLength) < 1000 and '=' or '~'
  local reply = redis.pcall('XADD', stream, 'MAXLEN', how, maxLength, ...)
  if type(reply) == 'table' then
    redis.call('UNLINK', stream)
    redis.call('XADD', stream, 'MAXLEN', how, maxLength, ...)
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

-- One field, since each one costs those who read it.
local about = epoch .. ' ' .. prior .. ' ' .. mark .. ' ' .. channel
add(key('tail'), tailLimit, place, 'about', about, 'bytes', bytes)
if not volatile then
  local stream = key('channel:' .. channel)
  if not last then redis.call('UNLINK', stream) end
  add(stream, limit, place, 'previous', last or digits(forgotten), 'bytes', bytes)
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('ZADD', key('channels'), digits(now), channel)
  forgetIdle(now)
end

local upTo = math.min(lowest, kept + 100)
for old = kept, upTo - 1 do redis.call('HDEL', writer, digits(old)) end
local reply = id .. ' ' .. place .. ' ' .. mark
redis.call('HSET', writer, number, reply, 'lowest', digits(upTo))
redis.call('PEXPIRE', writer, 3600000)
return reply
`);

/**
 * Arguments: proposed epoch; epoch, number and mark of what was seen; channel, epoch, first number,
 * how many.
 * Reply: epoch, head, number of the channel's newest entry ('' for an unknown channel), number up to
 * which channels were forgotten, entries. Of another epoch, the oldest.
 */
export const READ = script(`${OPEN}
local channel, asked, first, count = ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local seen = { ARGV[2], ARGV[3], ARGV[4] }
local epoch, seq, _, forgotten, _, last = open(ARGV[1], '', seen, channel)
local entries = {}
if last then
  local start = epoch == asked and first or '-'
  entries = redis.call('XRANGE', key('channel:' .. channel), start, '+', 'COUNT', count)
end
return { epoch, digits(seq), last or '', digits(forgotten), entries }
`);

function script(source: string): Script {
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}
