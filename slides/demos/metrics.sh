# What Prometheus reads of a server: calls by operation and outcome, and how long they took.
# expect: trivium_requests_total{operation="add",outcome="ok"} 1
# expect: trivium_requests_total{operation="get_user",outcome="NotFound"} 1
# needs: curl
source "$ROOT/slides/demos/start.bash"
start SERVER grpc-demo serve --addr 127.0.0.1:0 --metrics-addr 127.0.0.1:0
until METRICS=$(grep -o 'http://.*/metrics' SERVER.log); do sleep 0.02; done
curl() { command curl --silent "$@"; }
# shown
grpc-demo call add 5 3 --url $SERVER
grpc-demo call get_user 99 --url $SERVER
curl $METRICS | grep 'requests.* [1-9]\|_count.*"add"\|0\.01".*"add"' | sort
