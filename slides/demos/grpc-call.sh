# gRPC's three kinds in one service: one metric, a stream of them, the health of a service.
# expect: unit         percent
# expect: healthy  true
# masks: readings, dates
source "$ROOT/slides/demos/start.bash"
start SERVER grpc-demo serve --addr 127.0.0.1:0 --interval 300ms
# shown
grpc-demo call get_metric web-1 cpu --url $SERVER
grpc-demo call stream_metrics web-1 memory --url $SERVER | head -3
grpc-demo call check_health api --url $SERVER
