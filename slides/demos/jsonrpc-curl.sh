# JSON-RPC needs no more than curl: a call, a call to nobody, and two calls in one message.
# expect: {"jsonrpc":"2.0","id":1,"result":8}
# expect: -32601
# expect: [{"jsonrpc":"2.0","id":3,"result":8},{"jsonrpc":"2.0","id":4,"result":9}]
# needs: curl
curl() { command curl --silent --write-out '\n' "$@" | fold --spaces --width=80; }
URL=$JSONRPC
# shown
curl --json '{"jsonrpc":"2.0","method":"add","params":[5,3],"id":1}' $URL
curl --json '{"jsonrpc":"2.0","method":"sub","params":[5,3],"id":2}' $URL
curl --json '[{"jsonrpc":"2.0","method":"add","params":[5,3],"id":3},
       {"jsonrpc":"2.0","method":"add","params":[6,3],"id":4}]' $URL
