# A call over XML-RPC looks like a call: a name, arguments, a result.
# expect: 8
# expect: STRASSE
# shown
xmlrpc-demo call add 5 3 --url $XMLRPC
xmlrpc-demo call uppercase straße --url $XMLRPC
