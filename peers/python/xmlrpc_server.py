#!/usr/bin/env python3
"""A course's XML-RPC server: three functions on SimpleXMLRPCServer.

Usage: xmlrpc_server.py [PORT]
"""

import sys
from xmlrpc.server import SimpleXMLRPCServer


def add(a, b):
    """The sum of two integers."""
    return a + b


def multiply(a, b):
    """The product of two integers."""
    return a * b


def uppercase(text):
    """The text in upper case."""
    return text.upper()


port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
server = SimpleXMLRPCServer(("127.0.0.1", port), logRequests=False)
server.register_introspection_functions()
server.register_multicall_functions()
server.register_function(add)
server.register_function(multiply)
server.register_function(uppercase)

print(f"listening on 127.0.0.1:{server.server_address[1]}", flush=True)
server.serve_forever()
