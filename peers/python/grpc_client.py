#!/usr/bin/env python3
"""A stock gRPC client: grpcio makes every call of the four course services.

Prints one JSON object a call, with its result or its status. A message is
printed as protobuf's own JSON writes it, so an int64 is a string.

Usage: grpc_client.py 127.0.0.1:50051
"""

import json
import sys
import threading
from pathlib import Path

import grpc
from google.protobuf.json_format import MessageToDict
from grpc_health.v1 import health_pb2 as health
from grpc_health.v1 import health_pb2_grpc

sys.path.insert(0, str(Path(__file__).parent.parent / ".installed" / "stubs"))

import calculator_pb2 as calculator
import calculator_pb2_grpc
import hello_pb2 as hello
import hello_pb2_grpc
import monitoring_pb2 as monitoring
import monitoring_pb2_grpc
import streaming_pb2 as streaming
import streaming_pb2_grpc

TIMEOUT_SECONDS = 15


def report(label, function):
    """Makes one call and prints its outcome as a line."""
    line = {"call": label}
    try:
        line["result"] = function()
    except grpc.RpcError as error:
        line["error"] = {"code": error.code().name, "message": error.details()}
    print(json.dumps(line, ensure_ascii=False), flush=True)


def unary(method, request, timeout=TIMEOUT_SECONDS):
    """One message (or a stream of them) up, one down."""
    return plain(method(request, timeout=timeout))


def stream(method, request):
    """One message up, a stream down."""
    return [plain(message) for message in method(request, timeout=TIMEOUT_SECONDS)]


def plain(message):
    """A message as a dictionary, fields that have their default included."""
    return MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )


def metric(value):
    """One reading for RecordMetrics."""
    return monitoring.MetricResponse(
        hostname="web-1", metric_type="cpu", value=value, timestamp=1767323045, unit="percent"
    )


def calculator_calls():
    stub = calculator_pb2_grpc.CalculatorStub(channel)
    operands, text, number = (
        calculator.OperandsRequest,
        calculator.TextRequest,
        calculator.CubeRequest,
    )
    report("Add(5, 3)", lambda: unary(stub.Add, operands(a=5, b=3)))
    report("Multiply(4, 7)", lambda: unary(stub.Multiply, operands(a=4, b=7)))
    report('Uppercase("straße")', lambda: unary(stub.Uppercase, text(text="straße")))
    report("CalculateCube(5)", lambda: unary(stub.CalculateCube, number(number=5)))
    report("Add(2147483647, 1)", lambda: unary(stub.Add, operands(a=2147483647, b=1)))
    report("CalculateCube(2000)", lambda: unary(stub.CalculateCube, number(number=2000)))
    divide = channel.unary_unary("/calculator.Calculator/Divide")
    report("Divide()", lambda: divide(b"", timeout=TIMEOUT_SECONDS))
    call = stub.Add.future(operands(a=20, b=22), timeout=TIMEOUT_SECONDS)
    report("Add(20, 22) as a future", lambda: plain(call.result()))


def hello_calls():
    stub = hello_pb2_grpc.DoStuffStub(channel)
    request = hello.HelloRequest(pid=42)
    report("say_hello(42)", lambda: unary(stub.say_hello, request))
    report("say_hello_again(42)", lambda: unary(stub.say_hello_again, request))


def streaming_calls():
    stub = streaming_pb2_grpc.StreamServiceStub(channel)
    for start, end in [(1, 5), (5, 1), (0, 1001)]:
        request = streaming.StreamRequest(start=start, end=end)
        report(f"StreamNumbers({start}, {end})", lambda: stream(stub.StreamNumbers, request))


def monitoring_calls():
    stub = monitoring_pb2_grpc.MonitoringServiceStub(channel)
    for metric_type in ["cpu", "memory", "disk", "", "network"]:
        request = monitoring.MetricRequest(hostname="h", metric_type=metric_type)
        report(f'GetMetric("h", "{metric_type}")', lambda: unary(stub.GetMetric, request))
    request = monitoring.MetricRequest(hostname="h", metric_type="cpu")
    report('StreamMetrics("h", "cpu")', lambda: stream(stub.StreamMetrics, request))
    request = monitoring.HealthRequest(service="api")
    report('CheckHealth("api")', lambda: unary(stub.CheckHealth, request))
    request = monitoring.UsageRequest(cpu_usage=[45, 67, 89], memory_usage=[2.1, 2.3])
    label = "CalculateMetrics([45, 67, 89], [2.1, 2.3])"
    report(label, lambda: unary(stub.CalculateMetrics, request))
    empty = monitoring.UsageRequest(memory_usage=[2.1])
    report("CalculateMetrics([], [2.1])", lambda: unary(stub.CalculateMetrics, empty))
    request = monitoring.SystemInfoRequest()
    report("GetSystemInfo()", lambda: unary(stub.GetSystemInfo, request))
    values = iter([metric(10), metric(20), metric(60)])
    report("RecordMetrics([10, 20, 60])", lambda: unary(stub.RecordMetrics, values))
    deadline_call(stub)


def deadline_call(stub):
    """A sender that pauses for longer than its own time limit of 0.2 s."""
    resumed = threading.Event()

    def pausing():
        yield metric(10)
        resumed.wait(TIMEOUT_SECONDS)

    label = "RecordMetrics([10, a pause]) within 0.2 s"
    report(label, lambda: unary(stub.RecordMetrics, pausing(), timeout=0.2))
    resumed.set()


def health_calls():
    """The standard health service, which load balancers ask."""
    stub = health_pb2_grpc.HealthStub(channel)
    for service in ["", "calculator.Calculator", "no.such.Service"]:
        request = health.HealthCheckRequest(service=service)
        report(f'Health.Check("{service}")', lambda: unary(stub.Check, request))


channel = grpc.insecure_channel(sys.argv[1])

try:
    grpc.channel_ready_future(channel).result(timeout=5)
    calculator_calls()
    hello_calls()
    streaming_calls()
    monitoring_calls()
    health_calls()
except Exception as error:
    sys.exit(f"grpc_client.py: {type(error).__name__}: {error}")
