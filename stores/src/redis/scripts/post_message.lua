-- Gives a message the next place in the stream, unless its sender said it before; then it is the
-- first one that is given. No more than so many are kept, and their ids with them.
local chat, ids = unpack(KEYS)
local kept, said, user, text, timestamp, id = unpack(ARGV)

if id ~= '' then
  local first = redis.call('HGET', ids, said)
  local entry = first and redis.call('XRANGE', chat, first .. '-0', first .. '-0')[1]
  if entry then
    return entry
  end
end

-- What the stream itself remembers: it goes on counting when entries were removed by hand.
local last = 0
if redis.call('EXISTS', chat) == 1 then
  local info = redis.call('XINFO', 'STREAM', chat)
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then
      last = tonumber(string.match(info[i + 1], '^%d+'))
    end
  end
end
local place = string.format('%.0f', last + 1)

local beyond = redis.call('XLEN', chat) + 1 - kept
if beyond > 0 then
  for _, entry in ipairs(redis.call('XRANGE', chat, '-', '+', 'COUNT', beyond)) do
    local fields = entry[2]
    local forgotten = {}
    for i = 1, #fields, 2 do
      forgotten[fields[i]] = fields[i + 1]
    end
    if forgotten.user and forgotten.id and forgotten.id ~= '' then
      local its = #forgotten.user .. ':' .. forgotten.user .. ':' .. forgotten.id
      if redis.call('HGET', ids, its) == string.match(entry[1], '^%d+') then
        redis.call('HDEL', ids, its)
      end
    end
  end
end

local entry_id = place .. '-0'
redis.call('XADD', chat, 'MAXLEN', '=', kept, entry_id,
  'user', user, 'text', text, 'timestamp', timestamp, 'id', id)
if id ~= '' then
  redis.call('HSET', ids, said, place)
end
return {entry_id, {'user', user, 'text', text, 'timestamp', timestamp, 'id', id}}
