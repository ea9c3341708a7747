# XML-RPC live: calls, their times, and the bytes of each.
# expect: 5 + 3 = 8
# expect: Hello again, 42!
# masks: durations, ports
# shown
xmlrpc-demo | head -12
