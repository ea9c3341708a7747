# On this machine: who is first with a small call is last, or in the middle, with a large one.
# expect: add(5, 3): time
# expect: calculate_metrics of 1,000 + 1,000 values: time
# masks: durations
# shown
echo 'A small call and a large one, over four wires: some seconds …'
trivium --quick --workload add,metrics-1000 --protocol xmlrpc,jsonrpc,grpc \
  | sed -n '/: time/,/^$/p' | grep -v '\*\|Local\|one at\|^$'
