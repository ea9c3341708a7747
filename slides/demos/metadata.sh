# Beside the arguments travel metadata: what the caller says up, the deadline too; down, who answered.
# expect: request-id: 42
# expect: server: web-1
# expect: grpc-timeout: 10000m
# masks: dates
# needs: grpcurl
source "$ROOT/slides/demos/start.bash"
start SERVER grpc-demo serve --addr 127.0.0.1:0 --name web-1
# shown
grpcurl -plaintext -v -H 'request-id: 42' -d '{"a": 5, "b": 3}' $SERVER \
  calculator.Calculator/Add | sed -n '/^Request/,/^server/p'
trivium wire add 5 3 --protocol rest --view raw | grep -m1 timeout
