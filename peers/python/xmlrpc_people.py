#!/usr/bin/env python3
"""A stock XML-RPC client: Python's xmlrpc.client does users, an upload and a chat.

Prints one JSON object a call, with its result or its fault.

Usage: xmlrpc_people.py http://127.0.0.1:9000
"""

import json
import sys
import threading
from datetime import datetime
from xmlrpc.client import Binary, Fault, ServerProxy


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


def drain(stream, take):
    """Every item of an opened stream, taken from it until it is done."""
    items, cursor, done = [], 0, False
    while not done:
        page = take(stream, cursor, 5000)
        items += page["items"]
        cursor, done = page["cursor"], page["done"]
    return items


def users():
    """The life of a user. What may be left out at the end is left out at first."""
    ana = call("create_user", "Ana", "ana@example.org")
    call("create_user", "Bento", "bento@example.org", ["admin", "poet"], "bento-1")
    call("create_user", "Another", "ANA@example.org")
    call("create_user", "", "nobody@example.org")
    call("get_user", ana["id"])
    call("get_user", 4711)
    call("update_user", ana["id"], {"name": "Ana Sousa"})
    report("list_users", lambda: drain(server.list_users.open(), server.list_users.next))
    report("list_users(1, 1)", lambda: drain(server.list_users.open(1, 1), server.list_users.next))
    call("delete_user", ana["id"])
    call("get_user", ana["id"])


def usuarios():
    """The same people, as the Portuguese course names them."""
    call("criar_usuario", "Caio", "caio@example.org", "segredo", "caio-1")
    call("obter_usuarios")


def upload():
    """A file in two chunks: Binary goes as base64, broken into lines."""
    file = report("upload_file.open()", server.upload_file.open)
    send = server.upload_file.send
    report("upload_file.send(id, 0, [64 KiB])", lambda: send(file, 0, [Binary(bytes(65536))]))
    report("upload_file.send(id, 1, [olá])", lambda: send(file, 1, [Binary("olá".encode())]))
    report("upload_file.close(id)", lambda: server.upload_file.close(file))


def chat():
    """Two participants: one that listens in a thread of its own, and one that says something."""
    ana = report("chat.open(Ana)", lambda: server.chat.open("Ana"))
    bento = report("chat.open(Bento)", lambda: server.chat.open("Bento"))
    call("list_participants")
    heard = []
    # A ServerProxy has one connection, so each thread needs one of its own.
    other = ServerProxy(f"{url}/", use_builtin_types=True)
    listener = threading.Thread(target=lambda: heard.extend(drain(bento, other.chat.next)))
    listener.start()
    say = server.chat.send
    report("chat.send(ana, 0, [olá])", lambda: say(ana, 0, [{"text": "olá", "id": "a-0"}]))
    report("chat.send(ana, 0, [olá]) repeated", lambda: say(ana, 0, [{"text": "olá", "id": "a-0"}]))
    call("post_message", "Caio", "de fora")
    report("chat.send(bento, 0, [<eu> & tu])", lambda: say(bento, 0, [{"text": "<eu> & tu"}]))
    report("chat.close(bento)", lambda: server.chat.close(bento))
    listener.join(timeout=30)
    report("chat.next(bento, cursor, 5000) until done", lambda: heard)
    report("chat.close(ana)", lambda: server.chat.close(ana))
    report("chat.next(ana, cursor, 5000) until done", lambda: drain(ana, server.chat.next))
    call("list_participants")


url = sys.argv[1].rstrip("/")
# use_builtin_types: a dateTime.iso8601 arrives as a datetime.
server = ServerProxy(f"{url}/", use_builtin_types=True)

try:
    users()
    usuarios()
    upload()
    chat()
except Exception as error:
    sys.exit(f"xmlrpc_people.py: {type(error).__name__}: {error}")
