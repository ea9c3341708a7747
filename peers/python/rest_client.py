#!/usr/bin/env python3
"""A REST client without any library: Python's own http.client, json and hashlib.

Prints one JSON object a call: its status, and its result or the code of its problem.

Usage: rest_client.py http://127.0.0.1:8000
"""

import hashlib
import http.client
import json
import sys
import urllib.parse


def call(label, method, target, body=None, **headers):
    """Makes one call, prints its outcome as a line and returns answer and value."""
    if body is not None and not hasattr(body, "__next__"):
        body = json.dumps(body)
        headers["content_type"] = "application/json"
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, target, body, headers, encode_chunked=True)
    answer = connection.getresponse()
    text = answer.read()
    value = json.loads(text) if text else None
    line = {"call": label, "status": answer.status}
    if answer.headers.get_content_type() == "application/problem+json":
        line["code"] = value["code"]
    else:
        line["result"] = value
    print(json.dumps(line, ensure_ascii=False), flush=True)
    return answer, value


def users():
    """A user's whole life, its tag and its place."""
    ana = {"name": "Ana", "email": "ana@example.org"}
    answer, user = call("create Ana", "POST", "/api/users", ana)
    place, tag = answer.headers["location"], answer.headers["etag"]
    call("create Ana again", "POST", "/api/users", ana)
    call("get Ana", "GET", place)
    call("get Ana, known", "GET", place, if_none_match=tag)
    call("rename Ana", "PATCH", place, {"name": "Ana Maria"}, if_match=tag)
    call("rename Ana, stale", "PATCH", place, {"name": "Bia"}, if_match=tag)
    call("list", "GET", "/api/users?limit=10")
    call("delete Ana", "DELETE", place)
    call("get Ana, gone", "GET", place)


def usuarios():
    """The Portuguese course's users: a password goes, and never comes back."""
    rui = {"nome": "Rui", "email": "rui@example.org", "senha": "segredo", "id": "r-1"}
    call("criar Rui", "POST", "/usuarios", rui)
    call("obter", "GET", "/usuarios")


def files():
    """A file in chunks whose number and sizes nobody tells before."""
    digest = hashlib.sha256()

    def chunks():
        for number in range(200):
            chunk = bytes([number]) * 10_000
            digest.update(chunk)
            yield chunk

    octets = "application/octet-stream"
    _, report = call("upload", "POST", "/api/files", chunks(), content_type=octets)
    line = {"call": "hash", "result": report["sha256"] == digest.hexdigest()}
    print(json.dumps(line), flush=True)


def chat():
    """Says two lines by POST, and hears them as server-sent events."""
    for text in ["olá", "tchau"]:
        message = {"user": "Ana", "text": text}
        call(f"say {text}", "POST", "/api/chat", message)
    connection.request("GET", "/api/chat?user=Bia&after=0")
    answer = connection.getresponse()
    heard = []
    while len(heard) < 2:
        field, _, value = answer.readline().decode().rstrip("\n").partition(": ")
        if field == "data":
            message = json.loads(value)
            heard.append(f"{message['sequence']} {message['user']}: {message['text']}")
    connection.close()
    print(json.dumps({"call": "hear", "result": heard}, ensure_ascii=False), flush=True)


connection = http.client.HTTPConnection(urllib.parse.urlsplit(sys.argv[1]).netloc)
users()
usuarios()
files()
chat()
