# REST has resources and verbs where RPC has methods: the same user by both.
# expect: HTTP/1.1 201 Created
# expect: location: /api/users/1
# expect: "name":"Ana"
# masks: dates
# needs: curl
curl() { command curl --silent --write-out '\n' "$@"; }
# shown
curl -i $REST/api/users --json \
  '{"name":"Ana","email":"ana@x.org","external_id":"a"}'
curl $REST/api/users/1
grpc-demo call get_user 1 --url $GRPC --json
