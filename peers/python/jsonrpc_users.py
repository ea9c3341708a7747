#!/usr/bin/env python3
"""A stock JSON-RPC client: jsonrpclib-pelix keeps users and sends a file over HTTP.

Prints one JSON object a call, with its result or its error.

Usage: jsonrpc_users.py http://127.0.0.1:8001
"""

import base64
import hashlib
import json
import sys

from jsonrpclib import ProtocolError, ServerProxy


def call(method, *arguments, **named):
    """Calls a method by its name and reports it as it would be written."""
    shown = [json.dumps(argument, ensure_ascii=False) for argument in arguments]
    shown += [f"{name}={json.dumps(argument)}" for name, argument in named.items()]
    return report(
        f"{method}({', '.join(shown)})",
        lambda: getattr(server, method)(*arguments, **named),
    )


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


def users():
    """By position and by name; what may be left out is left out, or None."""
    call("create_user", "Ana", "ana@example.org")
    call("create_user", name="Rui", email="rui@example.org", external_id="r-1")
    call("create_user", "Eva", "eva@example.org", None, "e-1")
    call("create_user", "Ana again", "ANA@example.org")
    call("create_user", "", "nobody@example.org")
    call("get_user", 2)
    call("get_user", id=77)
    call("update_user", 2, {"roles": ["admin"]})
    call("update_user", 2, {"rolls": ["admin"]})
    call("delete_user", 3)


def usuarios():
    """The Portuguese course's users: a password goes, and never comes back."""
    call("criar_usuario", "Zé", "ze@example.org", "segredo")
    call("criar_usuario", nome="Bia", email="bia@example.org", senha="segredo", id="b-1")
    call("criar_usuario", "Tó", "to@example.org", 1234)
    call("obter_usuarios")


def upload_file(content):
    """A file in chunks of Base64, each sent under the next number."""
    upload = server.upload_file.open()
    size = 100_000
    for seq, start in enumerate(range(0, len(content), size)):
        chunk = base64.b64encode(content[start : start + size]).decode()
        server.upload_file.send(upload, seq, [chunk])
    answer = server.upload_file.close(upload)
    return {**answer, "right": answer["sha256"] == hashlib.sha256(content).hexdigest()}


server = ServerProxy(sys.argv[1])

try:
    users()
    usuarios()
    report("upload_file(1000000 bytes)", lambda: upload_file(bytes(range(250)) * 4000))
    call("post_message", "Python", "I only post")
    call("post_message", user="Python", text="I only post", id="p-1")
    call("post_message", user="Python", text="I only post", id="p-1")
    call("list_participants")
except Exception as error:
    sys.exit(f"jsonrpc_users.py: {type(error).__name__}: {error}")
