# A server with reflection tells its own contract: no .proto file is needed to call it.
# expect: calculator.Calculator
# expect: rpc Add ( .calculator.OperandsRequest )
# expect: "result": 8
# needs: grpcurl
# shown
grpcurl -plaintext $GRPC_HOST list | head -4
grpcurl -plaintext $GRPC_HOST describe calculator.Calculator.Add
grpcurl -plaintext -d '{"a":5,"b":3}' $GRPC_HOST calculator.Calculator/Add
