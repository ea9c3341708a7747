# Medians of interleaved rounds beside a floor: what the same transport takes to carry as many bytes and do nothing.
# expect: * HTTP/2 echo, gRPC
# expect: One call at a time,
# masks: durations, verdicts
# shown
echo 'Interleaved rounds: a few seconds …'
trivium --quick --workload add --protocol rest,grpc \
  | sed -n '/: time/,/^$/p; /One call/,/^Bytes/p' | grep -v '^Bytes'
