# On this machine: who is last with a small call need not be last with a large one. Sentences weigh the spreads.
# expect: add(5, 3): time
# expect: calculate_metrics of 1,000 + 1,000 values: time
# expect: One call at a time,
# masks: durations, verdicts
medians() {
  # The rows of the wires, and the sentence that compares them instead of the columns that it sums up.
  sed -n '/: time/,/^$/{/^$/!p}; /^One call/,/^Bytes/{s/^Bytes.*//; p}' | grep -v '\*\|Local\|one at' \
    | sed '/: time/{N; s/\n.*\(p50 µs\).*/, \1/}; s/\( \+[0-9.,–]\+\)\{2\}$//; ${/^$/d}'
}
# shown
echo 'A small call and a large one, over three wires: some seconds …'
trivium --quick --workload add,metrics-1000 --protocol jsonrpc,grpc | medians
