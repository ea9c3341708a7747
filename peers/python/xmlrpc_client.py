#!/usr/bin/env python3
"""A stock XML-RPC client: Python's xmlrpc.client makes the course calls.

Prints one JSON object a call, with its result or its fault.

Usage: xmlrpc_client.py http://127.0.0.1:9000
"""

import json
import sys
from datetime import datetime
from xmlrpc.client import Fault, MultiCall, ServerProxy


def report(label, function):
    """Makes one call, prints its outcome as a line and returns the result."""
    line = {"call": label}
    try:
        line["result"] = function()
    except Fault as fault:
        line["error"] = {"code": fault.faultCode, "message": fault.faultString}
    print(json.dumps(line, ensure_ascii=False, default=datetime.isoformat), flush=True)
    return line.get("result")


def call(method, *arguments):
    """Calls a method by its name and reports it as it would be written."""
    shown = ", ".join(json.dumps(argument, ensure_ascii=False) for argument in arguments)
    return report(f"{method}({shown})", lambda: getattr(server, method)(*arguments))


def multicall():
    """Four calls in one request: the fault of one leaves the others alone."""
    batch = MultiCall(server)
    batch.add(5, 3)
    batch.add(2147483647, 1)
    batch.divide(5, 3)
    batch.multiply(4, 7)
    results = batch()
    outcomes = []
    for index in range(4):
        try:
            outcomes.append({"result": results[index]})
        except Fault as fault:
            outcomes.append({"error": {"code": fault.faultCode, "message": fault.faultString}})
    return outcomes


def stream_numbers():
    """A server stream by hand: open, ask for more until done, close."""
    stream = call("stream_numbers.open", 1, 5)
    if stream is None:
        return
    first = server.stream_numbers.next(stream, 0, 1000)
    report(
        "stream_numbers.next(id, 0, 1000) repeated",
        lambda: server.stream_numbers.next(stream, 0, 1000) == first,
    )
    report("stream_numbers.next(id, cursor, 1000) until done", lambda: drain(stream))
    report("stream_numbers.close(id)", lambda: server.stream_numbers.close(stream))


def drain(stream):
    """Every item of an opened stream."""
    items, cursor, done = [], 0, False
    while not done:
        page = server.stream_numbers.next(stream, cursor, 1000)
        items += page["items"]
        cursor, done = page["cursor"], page["done"]
    return items


def record_metrics():
    """A client stream by hand: open, send two batches, close for the summary."""
    stream = call("record_metrics.open")
    if stream is None:
        return
    send = server.record_metrics.send
    report("record_metrics.send(id, 0, [10, 20])", lambda: send(stream, 0, metrics(10, 20)))
    report("record_metrics.send(id, 1, [60.0])", lambda: send(stream, 1, metrics(60.0)))
    report("record_metrics.send(id, 1, [60.0]) repeated", lambda: send(stream, 1, metrics(60.0)))
    report("record_metrics.close(id)", lambda: server.record_metrics.close(stream))


def metrics(*values):
    """Readings as XML-RPC carries them: the time is a dateTime.iso8601."""
    return [
        {
            "hostname": "web-1",
            "metric_type": "cpu",
            "value": value,
            "timestamp": datetime(2026, 1, 2, 3, 4, 5),
            "unit": "percent",
        }
        for value in values
    ]


url = sys.argv[1].rstrip("/")
# use_builtin_types: a dateTime.iso8601 arrives as a datetime.
server = ServerProxy(f"{url}/", use_builtin_types=True)

try:
    call("add", 5, 3)
    report("add(5, 3) at /RPC2", lambda: ServerProxy(f"{url}/RPC2").add(5, 3))
    call("multiply", 4, 7)
    call("uppercase", "hello world")
    call("uppercase", "straße")
    call("cube", 5)
    call("add", 2147483647, 1)
    call("divide", 5, 3)
    call("add", "five", 3)
    call("say_hello", 42)
    call("say_hello_again", 42)
    call("calculate_metrics", [45, 67, 89, 34, 56], [2.1, 2.3, 2.5, 2.2, 2.4])
    call("calculate_metrics", [], [2.1])
    call("get_system_info")
    call("get_metric", "h", "memory")
    call("get_metric", "h", "network")
    call("check_health", "api")
    call("system.listMethods")
    call("system.methodHelp", "add")
    call("system.methodSignature", "add")
    report("system.multicall(add, add overflow, divide, multiply)", multicall)
    stream_numbers()
    call("stream_numbers.open", 5, 1)
    call("stream_numbers.next", "no such id", 0, 0)
    record_metrics()
except Exception as error:
    sys.exit(f"xmlrpc_client.py: {type(error).__name__}: {error}")
