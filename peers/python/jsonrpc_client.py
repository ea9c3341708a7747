#!/usr/bin/env python3
"""A stock JSON-RPC client: jsonrpclib-pelix makes the course calls over HTTP.

Prints one JSON object a call, with its result or its error.

Usage: jsonrpc_client.py http://127.0.0.1:8001
"""

import json
import sys

from jsonrpclib import MultiCall, ProtocolError, ServerProxy


def report(label, function):
    """Makes one call, prints its outcome as a line and returns the result."""
    line = {"call": label, **outcome(function)}
    print(json.dumps(line, ensure_ascii=False), flush=True)
    return line.get("result")


def outcome(function):
    """The result of a call, or the error that the server answered."""
    try:
        return {"result": function()}
    except ProtocolError as error:
        if not isinstance(error.args[0], tuple):
            raise  # The library's own: the answer was not JSON-RPC at all.
        code, message = error.args[0][:2]
        return {"error": {"code": code, "message": message}}


def call(method, *arguments, **named):
    """Calls a method by its name and reports it as it would be written."""
    shown = [json.dumps(argument, ensure_ascii=False) for argument in arguments]
    shown += [f"{name}={json.dumps(argument)}" for name, argument in named.items()]
    return report(
        f"{method}({', '.join(shown)})",
        lambda: getattr(server, method)(*arguments, **named),
    )


def batch():
    """Four calls and a notification in one request: four outcomes come back."""
    calls = MultiCall(server)
    calls.add(5, 3)
    calls._notify.add(1, 2)
    calls.multiply(a=4, b=7)
    calls.add(2147483647, 1)
    calls.divide(5, 3)
    results = calls()
    return [outcome(lambda: results[index]) for index in range(len(results))]


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
    """Readings as JSON carries them: the time is in Unix seconds."""
    return [
        {
            "hostname": "web-1",
            "metric_type": "cpu",
            "value": value,
            "timestamp": 1767323045,
            "unit": "percent",
        }
        for value in values
    ]


server = ServerProxy(sys.argv[1])

try:
    call("add", 5, 3)
    call("add", a=5, b=3)
    call("multiply", 4, 7)
    call("uppercase", "straße")
    call("cube", 5)
    call("add", 2147483647, 1)
    call("divide", 5, 3)
    call("add", 5)
    call("add", a=5, c=3)
    call("say_hello", 42)
    call("say_hello_again", pid=42)
    call("calculate_metrics", [45, 67, 89, 34, 56], [2.1, 2.3, 2.5, 2.2, 2.4])
    call("calculate_metrics", cpu_usage=[45, 67], memory_usage=[2.1, 2.3])
    call("calculate_metrics", [], [2.1])
    call("get_system_info")
    call("get_metric", "h", "memory")
    call("get_metric", "h", "network")
    call("check_health", "api")
    call("rpc.discover")
    report("notification add(1, 2)", lambda: server._notify.add(1, 2))
    report("batch(add, notification, multiply, add overflow, divide)", batch)
    record_metrics()
except Exception as error:
    sys.exit(f"jsonrpc_client.py: {type(error).__name__}: {error}")
