#!/usr/bin/env python3
"""The courses' gRPC servers in one: grpcio on a pool of threads.

Only the courses' own calls are here. The generated base classes answer
UNIMPLEMENTED to the rest.

Usage: grpc_server.py [PORT [PACE_SECONDS]]
"""

import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc

sys.path.insert(0, str(Path(__file__).parent.parent / ".installed" / "stubs"))

import calculator_pb2 as calculator
import calculator_pb2_grpc
import hello_pb2 as hello
import hello_pb2_grpc
import monitoring_pb2 as monitoring
import monitoring_pb2_grpc
import streaming_pb2 as streaming
import streaming_pb2_grpc

PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 0
# The time between two items of a stream; none, so that tests are quick.
PACE_SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 0
UNITS = {"cpu": "percent", "memory": "GB", "disk": "GB"}


class Calculator(calculator_pb2_grpc.CalculatorServicer):
    def CalculateCube(self, request, context):
        return calculator.CubeReply(result=request.number**3)


class DoStuff(hello_pb2_grpc.DoStuffServicer):
    def say_hello(self, request, context):
        return hello.HelloReply(retval=f"Hello, {request.pid}!")

    def say_hello_again(self, request, context):
        return hello.HelloReply(retval=f"Hello again, {request.pid}!")


class StreamService(streaming_pb2_grpc.StreamServiceServicer):
    def StreamNumbers(self, request, context):
        if not 0 <= request.end - request.start <= 1000:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "the range is reversed or too wide")
        for number in range(request.start, request.end + 1):
            message = f"The square of {number} is {number * number}"
            yield streaming.StreamReply(number=number, message=message)
            time.sleep(PACE_SECONDS)


class MonitoringService(monitoring_pb2_grpc.MonitoringServiceServicer):
    def GetMetric(self, request, context):
        metric_type = request.metric_type or "memory"
        if metric_type not in UNITS:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"unknown metric {metric_type!r}")
        return monitoring.MetricResponse(
            hostname=request.hostname,
            metric_type=metric_type,
            value=random.uniform(1, 99),  # A course invents its readings.
            timestamp=int(time.time()),
            unit=UNITS[metric_type],
        )

    def StreamMetrics(self, request, context):
        for _ in range(10):
            yield self.GetMetric(request, context)
            time.sleep(PACE_SECONDS)

    def CheckHealth(self, request, context):
        message = f"Service {request.service} is running"
        return monitoring.HealthResponse(healthy=True, message=message)


server = grpc.server(ThreadPoolExecutor(max_workers=10))
calculator_pb2_grpc.add_CalculatorServicer_to_server(Calculator(), server)
hello_pb2_grpc.add_DoStuffServicer_to_server(DoStuff(), server)
streaming_pb2_grpc.add_StreamServiceServicer_to_server(StreamService(), server)
monitoring_pb2_grpc.add_MonitoringServiceServicer_to_server(MonitoringService(), server)
bound_port = server.add_insecure_port(f"127.0.0.1:{PORT}")
server.start()

print(f"listening on 127.0.0.1:{bound_port}", flush=True)
server.wait_for_termination()
