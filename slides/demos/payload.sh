# A message of one's own over each protocol: compression pays for the large one, and costs the small one.
# expect: XML-RPC: 994 bytes, 288 by gzip, 291 by zstd
# expect: gRPC: 73 bytes, 96 by gzip, 82 by zstd
# needs: awk
cp "$ROOT/docs/order.json" .
awk 'BEGIN { for (id = 1; id <= 200; id++) {
  user = sprintf("{\"id\":%d,\"name\":\"user %d\",\"email\":\"u%d@example.org\"}", id, id, id)
  users = users (id > 1 ? "," : "") user }
  print "{\"users\":[" users "]}" }' > users.json
# shown
for file in order.json users.json; do echo $file; trivium payload $file |
  awk '$3+0 {print $1": "$2" bytes, "$3" by gzip, "$4" by zstd"}'; done
