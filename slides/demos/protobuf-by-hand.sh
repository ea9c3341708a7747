# A message of protobuf byte by byte: a tag is field number << 3 | wire type, a number is a varint.
# expect: 0x08 = 1 << 3 | 0
# expect: ac 02
# expect: User: 8 bytes
cd "$ROOT/slides/demos/schema"
# shown
trivium protobuf '{"id": 300, "name": "Ana"}' --proto user.proto
