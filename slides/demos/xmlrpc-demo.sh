# XML-RPC live: calls, their times, and the bytes of each.
# expect: 5 + 3 = 8
# expect: 583    439    692    540
# masks: durations, ports
# shown
xmlrpc-demo | head -15
