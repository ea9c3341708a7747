-- Writes who is at a server: removes those who left, and moves on when the others expire. Redis'
-- own clock decides, so that the servers' clocks need not agree.
local present = KEYS[1]
local lives_ms, left = unpack(ARGV)

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', present, '-inf', string.format('%.0f', now))
local first_present = 3 + left
for i = 3, first_present - 1 do
  redis.call('ZREM', present, ARGV[i])
end
local expires = string.format('%.0f', now + lives_ms)
for i = first_present, #ARGV do
  redis.call('ZADD', present, expires, ARGV[i])
end
