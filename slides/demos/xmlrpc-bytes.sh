# A call over XML-RPC as it is on the wire: text that a person can read, and a lot of it.
# expect: POST / HTTP/1.1
# expect: <methodName>add</methodName>
# expect: content-length: 192
# masks: ports
# shown
trivium wire add 5 3 --protocol xmlrpc --view raw | sed '/to client/,$d'
