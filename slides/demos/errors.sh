# The same refusal by four protocols: a fault, an error object, a status of gRPC, a status of HTTP.
# expect: value: -32002
# expect: grpc-status = 5
# expect: status line: 404 Not Found
# expect: detail: id is "99": no user has it
# shown
trivium wire get_user 99 --view tree 2>/dev/null | sed -n '/warm/,/cold/p' \
  | grep 'warm\|status \|32002\|detail' | sed 's/[0-9]*\.\.[0-9]*//'
