# Where the bytes of a request go, on a new connection and on a warm one: value, encoding, headers, framing.
# expect: XML-RPC     cold →       2      190     109       0      0   301
# expect: warm →       2        2      27      23      0    54
# expect: Warm, XML-RPC takes 5.78 times gRPC's bytes
# shown
trivium wire add 5 3 --view ledger \
  | grep 'value\|cold →\|warm →\|Warm'
