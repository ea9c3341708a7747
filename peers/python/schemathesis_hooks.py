"""What schemathesis has to be told to test rest-demo: how newline-delimited JSON is written."""

import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines(_context, value):
    """An array has a line for each item; what is none, which is a test of bad input, is one line."""
    items = value if isinstance(value, list) else [value]
    return "".join(json.dumps(item) + "\n" for item in items).encode()
