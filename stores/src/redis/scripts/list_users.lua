-- The fields of the users after an id, in the order of their ids, behind each other.
local users = KEYS[1]
local prefix, after, limit = unpack(ARGV)

local list = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', users, '(' .. after, '+inf', 'LIMIT', 0, limit)) do
  list[#list + 1] = id
  for _, value in ipairs(redis.call('HMGET', prefix .. id, unpack(ARGV, 4))) do
    list[#list + 1] = value
  end
end
return list
