# The same refusal by four protocols: a fault, an error object, a status of gRPC, a status of HTTP.
# expect: error: NotFound: id is "99": no user has it, see list_users
# expect: value: -32002
# expect: grpc-status = 5
# expect: status line: 404 Not Found
# shown
rest-demo call get_user 99 --url $REST
trivium wire get_user 99 --view tree 2>/dev/null | sed -n '/warm/,/cold/p' \
  | grep 'warm\|status \|32002' | sed 's/[0-9]*\.\.[0-9]*//'
