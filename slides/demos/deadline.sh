# A deadline ends the call wherever it is; and when a caller gives up, the server stops with it.
# expect: error: DeadlineExceeded
# expect: Cancelled
# masks: durations, ports
source "$ROOT/slides/demos/start.bash"
start SERVER grpc-demo serve --addr 127.0.0.1:0 --pace 600ms --verbose
fold_errors grpc-demo
# The server notices a moment after the caller has gone.
tail() {
  until [[ $(grep -c items SERVER.log) == 2 ]]; do sleep 0.02; done
  command tail "$@"
}
# shown
grpc-demo call stream_numbers 1 100 --timeout 900ms --url $SERVER
timeout --signal INT 0.9 grpc-demo call stream_numbers 1 100 --url $SERVER
tail -1 SERVER.log
