"""A client of JSON-RPC 2.0 over HTTP, with Python's standard library and nothing else.

client.py URL add A B
client.py URL record_metrics VALUE...
"""

import contextlib
import http.client
import json
import socket
import sys
import threading
import time
import urllib.parse

# Seconds for one call, from its first byte to the last byte of the reply.
DEADLINE = 2.0


class CallFailed(Exception):
    """A call has no result; the text tells why."""


def hang_up(sock):
    # The call may be over and the socket closed: then there is nobody to wake.
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def post(url, body):
    """Sends a document, and gives the one that comes back."""
    address = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=DEADLINE)
    connection.connect()
    # A timeout of the socket counts from byte to byte, so that a server that sends one now and then
    # could keep us for ever. This one counts for the whole call.
    watch = threading.Timer(DEADLINE, hang_up, [connection.sock])
    started = time.monotonic()
    watch.start()
    try:
        connection.request("POST", address.path or "/", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        document = response.read()
    except (OSError, http.client.HTTPException) as cause:
        if time.monotonic() - started >= DEADLINE:
            raise CallFailed(f"no whole reply within {DEADLINE:g} s") from cause
        raise CallFailed(f"the connection broke: {cause!r}") from cause
    finally:
        watch.cancel()
        connection.close()
    return response.status, document


class Client:
    """Calls methods of one server; each call has an id of its own."""

    def __init__(self, url):
        self.url = url
        self.last_id = 0

    def call(self, method, *params):
        self.last_id += 1
        request = {"jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params}
        status, body = post(self.url, json.dumps(request).encode())
        try:
            reply = json.loads(body)
        except ValueError as cause:
            raise CallFailed(f"HTTP status {status}, and no JSON: {body[:60]!r}") from cause
        if not isinstance(reply, dict):
            raise CallFailed("the reply is not an object")
        if "error" in reply:
            error = reply["error"]
            raise CallFailed(f"error {error['code']}: {error['message']}")
        if reply.get("id") != self.last_id:
            raise CallFailed(f"the reply has the id {reply.get('id')!r}, not ours")
        if "result" not in reply:
            raise CallFailed("the reply has neither result nor error")
        return reply["result"]


def record_metrics(client, values):
    """A stream of values in calls: open, numbered batches, close."""
    now = int(time.time())
    fixed = {"hostname": "localhost", "metric_type": "cpu", "timestamp": now, "unit": "percent"}
    upload = client.call("record_metrics.open")
    for sequence, value in enumerate(values):
        client.call("record_metrics.send", upload, sequence, [{**fixed, "value": value}])
    return client.call("record_metrics.close", upload)


def main(arguments):
    match arguments:
        case [url, "add", a, b]:
            result = Client(url).call("add", int(a), int(b))
        case [url, "record_metrics", *values]:
            result = record_metrics(Client(url), [float(value) for value in values])
        case _:
            raise CallFailed(__doc__)
    print(json.dumps(result))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (CallFailed, ValueError, OSError) as failure:
        sys.exit(f"client.py: {failure}")
