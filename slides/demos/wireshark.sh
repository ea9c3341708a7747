# A capture opens in Wireshark: HTTP/2, HPACK and gRPC with all their fields.
# expect: POST	/calculator.Calculator/Add
# masks: durations
# needs: tshark
PORT=${GRPC##*:}
tshark() { command tshark "$@" 2>/dev/null; }
# shown
trivium wire add 5 3 --to grpc://$GRPC_HOST --pcap add.pcapng | sed -n 1p
tshark -r add.pcapng -d tcp.port==$PORT,http2 -Y http2.headers.path \
  -T fields -e http2.headers.method -e http2.headers.path
