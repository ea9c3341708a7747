#!/usr/bin/env python3
"""The course's chat client: what is typed goes up, what everybody says comes down.

Asks for a name, then sends each line. /quit leaves, and so does the end of the input.

Usage: grpc_chat_client.py 127.0.0.1:50051
"""

import sys
import time
from pathlib import Path

import grpc

sys.path.insert(0, str(Path(__file__).parent.parent / ".installed" / "stubs"))

import chat_pb2 as chat
import chat_pb2_grpc


def typed(name):
    """The lines of this user, until /quit; grpcio runs this in a thread of its own."""
    for line in sys.stdin:
        text = line.rstrip("\n")
        if text == "/quit":
            return
        if text:
            yield chat.ChatMessage(user=name, text=text, timestamp=int(time.time()))


def main():
    with grpc.insecure_channel(sys.argv[1]) as channel:
        grpc.channel_ready_future(channel).result(timeout=5)
        stub = chat_pb2_grpc.ChatServiceStub(channel)
        print("Your name: ", end="", flush=True)
        name = sys.stdin.readline().strip()
        print(f"Welcome, {name}! /quit leaves.", flush=True)
        for message in stub.ChatStream(typed(name)):
            print(f"[{message.user}] {message.text}", flush=True)
        print("Bye!", flush=True)


try:
    main()
except grpc.RpcError as error:
    sys.exit(f"{error.code().name}: {error.details()}")
