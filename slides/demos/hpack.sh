# HPACK: what was said once on a connection is a byte the next time.
# expect: :authority: 127.0.0.1
# expect: :path: /calculator.Calculator/Add
# expect: cold :method = POST
# expect: warm :method = POST
# needs: awk
# masks: ports
fields() {
  # Of the requests, and without places in the connection, which are not the same in each run.
  echo '     : value written out    = whole field in a table'
  grep -A7 'header block' | sed -n '/:method/,/content-type/p' | awk '
    match($0, /[0-9]+\.\.[0-9]+/) {
      $0 = substr($0, 1, RSTART - 1) substr("      ", 1, RLENGTH - 6) substr($0, RSTART + RLENGTH) }
    { sub(/^    /, /:method/ ? (calls++ ? "warm " : "cold ") : "     ") } 1'
}
# shown
trivium wire add 5 3 --protocol grpc --view tree | fields
