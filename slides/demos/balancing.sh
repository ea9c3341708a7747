# One connection sticks to one server, however many calls it carries; who balances calls spreads them.
# expect: 6 calls, answered by
# expect: 6 calls, answered by a: 2, b: 2, c: 2
source "$ROOT/slides/demos/start.bash"
for name in a b c; do
  start "$name" grpc-demo serve --addr 127.0.0.1:0 --name "$name"
done
start CONNECTIONS trivium balance --addr 127.0.0.1:0 --to $a --to $b --to $c
start CALLS trivium gateway --from grpc://127.0.0.1:0 \
  --to grpc://$a --to grpc://$b --to grpc://$c
# shown
grpc-demo call add 5 3 --times 6 --url $CONNECTIONS | tail -1
grpc-demo call add 5 3 --times 6 --url $CONNECTIONS | tail -1
grpc-demo call add 5 3 --times 6 --url $CALLS | tail -1
