#!/usr/bin/env python3
"""The course's chat server: grpcio on a pool of threads, one held by each participant.

So the eleventh who joins waits until somebody leaves. Messages have no place and no
id here, nothing is kept, and a participant who does not read has a queue without end.

Usage: grpc_chat_server.py [PORT]
"""

import queue
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc

sys.path.insert(0, str(Path(__file__).parent.parent / ".installed" / "stubs"))

import chat_pb2_grpc

PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 0
WORKERS = 10
LEFT = None


class ChatService(chat_pb2_grpc.ChatServiceServicer):
    def __init__(self):
        self.lock = threading.Lock()
        self.mailboxes = []

    def ChatStream(self, request_iterator, context):
        mailbox = queue.Queue()
        with self.lock:
            self.mailboxes.append(mailbox)
        context.add_callback(lambda: mailbox.put(LEFT))
        receiver = threading.Thread(target=self.receive, args=(request_iterator, mailbox))
        receiver.start()
        try:
            while (message := mailbox.get()) is not LEFT:
                yield message
        finally:
            with self.lock:
                self.mailboxes.remove(mailbox)

    def receive(self, messages, mailbox):
        """Gives each message to everybody, in one order."""
        try:
            for message in messages:
                with self.lock:
                    for other in self.mailboxes:
                        other.put(message)
        except grpc.RpcError:
            pass  # The participant broke off.
        mailbox.put(LEFT)


server = grpc.server(ThreadPoolExecutor(max_workers=WORKERS))
chat_pb2_grpc.add_ChatServiceServicer_to_server(ChatService(), server)
bound_port = server.add_insecure_port(f"127.0.0.1:{PORT}")
server.start()

print(f"listening on 127.0.0.1:{bound_port}", flush=True)
server.wait_for_termination()
