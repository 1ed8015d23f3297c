// What the scripts have in common: the names of the keys, and the end of the log.

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
 * Whether a caller has seen what this log does not hold: a number beyond its end, or an entry of whose
 * number there is another one now. Each entry has a mark, made of the one before it, so that equal
 * marks mean equal entries up to there. Of one that the tail has no more nobody can tell: then the log
 * is another one if Redis has another history than the caller knows, since it was started or promoted.
 */
const LOST = `
local function history()
  local info = redis.pcall('INFO', 'replication')
  return type(info) == 'string' and string.match(info, 'master_replid:(%x+)') or ''
end

local function markAt(seq)
  local items = redis.pcall('XRANGE', key('tail'), digits(seq), digits(seq), 'COUNT', 1)
  local fields = items[1] and items[1][2] or {}
  return fields[1] == 'about' and string.match(fields[2], '^%w+ %w* (%w*) ') or nil
end

local function isLost(seq, mark, head, headMark, known)
  if seq > head then return true end
  if seq == 0 or mark == '' then return false end
  local own = seq == head and headMark or markAt(seq)
  if own then return own ~= mark end
  local now = known ~= '' and history() or ''
  return now ~= '' and now ~= known
end
`;

/** Of what is in the keys. Whoever changes that counts it up: a log of another one is left alone. */
const FORMAT = '1';

/**
 * The end of the log. A log begins anew, under the epoch proposed, where there is none (first start,
 * FLUSHALL) or where it has lost entries that the caller has seen (a crash, a failover): no number
 * may stand for two entries of one epoch. `seen`: epoch, number and mark of each such entry. The last
 * value returned is the number of the channel's newest entry, if it has one.
 */
export const OPEN = `${KEYS}${DIGITS}${LOST}
local function open(proposed, known, seen, channel)
  local last = 'last:' .. (channel or '')
  local meta = redis.call('HMGET', log, 'epoch', 'seq', 'volatile', 'forgotten', 'mark', last, 'format')
  local epoch, seq, mark = meta[1], tonumber(meta[2] or 0), meta[5]
  if epoch and meta[7] ~= '${FORMAT}' then
    error('this log is of another version of dev-serve: give each version a prefix of its own')
  end
  local isWhole = epoch
  for i = 1, #seen, 3 do
    local isOfLog = seen[i] == epoch
    if isOfLog and isLost(tonumber(seen[i + 1]), seen[i + 2], seq, mark, known) then isWhole = false end
  end
  if isWhole then
    return epoch, seq, tonumber(meta[3] or 0), tonumber(meta[4] or 0), mark or '', meta[6]
  end
  for _, channel in ipairs(redis.call('ZRANGE', key('channels'), 0, -1)) do
    redis.call('UNLINK', key('channel:' .. channel))
  end
  redis.call('UNLINK', log, key('tail'), key('channels'))
  redis.call('HSET', log, 'epoch', proposed, 'seq', 0, 'format', '${FORMAT}')
  return proposed, 0, 0, 0, '', false
end
`;
