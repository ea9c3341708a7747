-- Keeps a new user under the next id, unless its address or its external id is taken.
-- Gives the outcome and the id.
local last_id, users, by_email, by_external_id = unpack(KEYS)
local prefix, largest_id, email_key, external_id = unpack(ARGV)

if redis.call('HEXISTS', by_email, email_key) == 1 then
  return {'email taken', 0}
end
if redis.call('HEXISTS', by_external_id, external_id) == 1 then
  return {'external_id taken', 0}
end
if tonumber(redis.call('GET', last_id) or 0) >= tonumber(largest_id) then
  return {'ids used up', 0}
end

local id = redis.call('INCR', last_id)
redis.call('HSET', prefix .. id, 'email_key', email_key, 'external_id', external_id,
  unpack(ARGV, 5))
redis.call('HSET', by_email, email_key, id)
redis.call('HSET', by_external_id, external_id, id)
redis.call('ZADD', users, id, id)
return {'created', id}
