# One call over HTTP/2 is frames of one stream; over HTTP/1.1 it is a text that ends before the next begins.
# expect: HTTP/2 HEADERS: stream 5
# expect: HTTP/2 DATA: stream 5
# expect: HTTP/1.1 request head: POST /api/calculator/add
# shown
trivium wire add 5 3 --protocol grpc,rest --view tree \
  | sed '/cold/,/warm/d' | grep 'HTTP/\|JSON\|connection' \
  | sed 's/[0-9]*\.\.[0-9]*,* *//'
