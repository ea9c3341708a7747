-- Changes a user, unless its new address is another's. Gives the outcome and the user's fields.
local record, by_email = unpack(KEYS)
local id, email_key, wanted = unpack(ARGV)

if redis.call('EXISTS', record) == 0 then
  return {'unknown', {}}
end
local old_email_key = redis.call('HGET', record, 'email_key')
if email_key ~= '' and email_key ~= old_email_key then
  if redis.call('HEXISTS', by_email, email_key) == 1 then
    return {'email taken', {}}
  end
  redis.call('HDEL', by_email, old_email_key)
  redis.call('HSET', by_email, email_key, id)
  redis.call('HSET', record, 'email_key', email_key)
end

-- After the names of the fields that are wanted come pairs of a field and its new value.
local first_change = 4 + wanted
for i = first_change, #ARGV, 2 do
  redis.call('HSET', record, ARGV[i], ARGV[i + 1])
end
return {'updated', redis.call('HMGET', record, unpack(ARGV, 4, first_change - 1))}
