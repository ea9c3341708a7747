# Metrics of five samples, and an alert past 80 percent of cpu.
# expect: alert       true
# expect: alert       false
# expect: running
# shown
jsonrpc-demo call get_system_info --url $JSONRPC
jsonrpc-demo call calculate_metrics 45,67,89,34,56 2.1,2.5 --url $JSONRPC
jsonrpc-demo call calculate_metrics 45,67,79,34,56 2.1,2.5 --url $JSONRPC
