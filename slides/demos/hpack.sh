# HPACK: what was said once on a connection is a byte the next time.
# expect: :authority: 127.0.0.1
# expect: :path: /calculator.Calculator/Add
# masks: ports
# shown
trivium wire add 5 3 --protocol grpc --view tree | grep -A7 'header block' \
  | sed -n '/:method/,/content-type/s/[0-9]*\.\.[0-9]*//p'
