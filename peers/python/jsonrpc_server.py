#!/usr/bin/env python3
"""A course's JSON-RPC server: two functions on jsonrpclib-pelix.

Usage: jsonrpc_server.py [PORT]
"""

import sys

from jsonrpclib.SimpleJSONRPCServer import SimpleJSONRPCServer


def calculate_metrics(cpu_usage, memory_usage):
    """Averages and the maximum of two lists of samples."""
    return {
        "avg_cpu": sum(cpu_usage) / len(cpu_usage),
        "max_cpu": max(cpu_usage),
        "avg_memory": sum(memory_usage) / len(memory_usage),
        "alert": max(cpu_usage) > 80,
    }


def get_system_info():
    """What this server is."""
    return {"server": "MetricsServer", "version": "1.0", "status": "running"}


port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
server = SimpleJSONRPCServer(("127.0.0.1", port), logRequests=False)
server.register_function(calculate_metrics)
server.register_function(get_system_info)

print(f"listening on 127.0.0.1:{server.server_address[1]}", flush=True)
server.serve_forever()
