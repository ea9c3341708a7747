# Latency is not zero: the same call through a mobile link of 80 ms, on a new connection and on a warm one.
# expect: XML-RPC
# expect: gRPC
# masks: durations
# shown
trivium wire add 5 3 --link 4g --width 200 | grep 'Time over' | tr ,: '\n'
