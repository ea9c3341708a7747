# A stream down: numbers as they come. A stream up: values as they go, and one answer for all.
# expect: 5  The square of 5 is 25
# expect: count  3
# shown
grpc-demo call stream_numbers 1 5 --url $GRPC
grpc-demo call record_metrics 1.5 2.5 5 --url $GRPC
