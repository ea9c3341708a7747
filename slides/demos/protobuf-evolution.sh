# The same bytes read by schemas that changed: names do not travel, numbers do, and a swap tells nobody.
# expect: full_name = "Ana"
# expect: phone = ""
# expect: email holds what was sent as name
cd "$ROOT/slides/demos/schema"
# shown
trivium protobuf '{"id":7,"name":"Ana","email":"ana@x.org"}' \
  --proto user.proto --read-by renamed.proto --read-by added.proto \
  --read-by renumbered.proto
