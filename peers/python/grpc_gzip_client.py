#!/usr/bin/env python3
"""A stock gRPC client that compresses: grpcio sends every message as gzip.

Prints one JSON object a call, with its result or its status.

Usage: grpc_gzip_client.py 127.0.0.1:50051
"""

import json
import sys
from pathlib import Path

import grpc

sys.path.insert(0, str(Path(__file__).parent.parent / ".installed" / "stubs"))

import calculator_pb2 as calculator
import calculator_pb2_grpc

TIMEOUT_SECONDS = 15


def report(label, function):
    """Makes one call and prints its outcome as a line."""
    line = {"call": label}
    try:
        line["result"] = function().result
    except grpc.RpcError as error:
        line["error"] = {"code": error.code().name, "message": error.details()}
    print(json.dumps(line, ensure_ascii=False), flush=True)


compression = grpc.Compression.Gzip
with grpc.insecure_channel(sys.argv[1], compression=compression) as channel:
    calculators = calculator_pb2_grpc.CalculatorStub(channel)
    add = calculator.OperandsRequest(a=5, b=3)
    text = calculator.TextRequest(text="compress me " * 100)
    report("Add(5, 3)", lambda: calculators.Add(add, timeout=TIMEOUT_SECONDS))
    report("Uppercase", lambda: calculators.Uppercase(text, timeout=TIMEOUT_SECONDS))
