# Latency is not zero: the same call over a link of 80 ms there and back, on a new connection and on a warm one.
# expect: XML-RPC
# expect: gRPC
# masks: durations
# shown
trivium wire add 5 3 --rtt 80ms --width 200 | grep 'Time over' | tr ,: '\n'
