# Four people on four protocols in one room: everybody sees every line, in the same order.
# expect: [Ana, XML-RPC]
# expect: [Davi, REST]
# expect: Everybody saw the same lines in the same order.
# shown
trivium chat --pace 600ms
