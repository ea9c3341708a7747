-- Removes a user. Gives the outcome and the fields that it had.
local record, users, by_email, by_external_id = unpack(KEYS)
local id = ARGV[1]

if redis.call('EXISTS', record) == 0 then
  return {'unknown', {}}
end
local fields = redis.call('HMGET', record, unpack(ARGV, 2))
local held = redis.call('HMGET', record, 'email_key', 'external_id')
redis.call('HDEL', by_email, held[1])
redis.call('HDEL', by_external_id, held[2])
redis.call('ZREM', users, id)
redis.call('DEL', record)
return {'deleted', fields}
