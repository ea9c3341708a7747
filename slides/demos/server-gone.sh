# The same call, and nobody is there any more: no function in the same program fails like that.
# expect: 8
# expect: Unavailable
# masks: ports
# ends: 1
source "$ROOT/slides/demos/start.bash"
fold_errors xmlrpc-demo
start SERVER xmlrpc-demo serve --addr 127.0.0.1:0
kill() { command kill "$@"; wait "$SERVER_PID" 2>/dev/null; }
# shown
xmlrpc-demo call add 5 3 --url $SERVER
kill -9 $SERVER_PID
xmlrpc-demo call add 5 3 --url $SERVER
