#!/usr/bin/env python3
"""A stock client of the uploads: grpcio sends a file in chunks, and then breaks one off.

Prints one JSON object a call; beside the server's answer the hash that Python made.

Usage: grpc_upload_client.py 127.0.0.1:50051 FILE
"""

import hashlib
import json
import sys
from pathlib import Path

import grpc

sys.path.insert(0, str(Path(__file__).parent.parent / ".installed" / "stubs"))

import files_pb2 as files
import files_pb2_grpc

CHUNK_BYTES = 64 * 1024
TIMEOUT_SECONDS = 60


def chunks(path):
    """The file, a chunk at a time."""
    with open(path, "rb") as file:
        while data := file.read(CHUNK_BYTES):
            yield files.Chunk(data=data)


def broken(path):
    """The same, but the sender fails before the end."""
    yield from chunks(path)
    raise OSError("the disk is gone")


def upload(stub, label, messages):
    line = {"call": label}
    try:
        reply = stub.UploadFile(messages, timeout=TIMEOUT_SECONDS)
        line["result"] = {
            "size_bytes": reply.size_bytes,
            "chunks": reply.chunks,
            "sha256": reply.sha256,
        }
    except grpc.RpcError as error:
        line["error"] = {"code": error.code().name, "message": error.details()}
    print(json.dumps(line), flush=True)


address, path = sys.argv[1:]
with grpc.insecure_channel(address) as channel:
    try:
        grpc.channel_ready_future(channel).result(timeout=5)
        stub = files_pb2_grpc.FileServiceStub(channel)
        upload(stub, "UploadFile(FILE)", chunks(path))
        sha256 = hashlib.sha256(Path(path).read_bytes()).hexdigest()
        print(json.dumps({"call": "sha256(FILE)", "result": sha256}), flush=True)
        upload(stub, "UploadFile(nothing)", iter([]))
        upload(stub, "UploadFile(FILE), broken off", broken(path))
    except Exception as error:
        sys.exit(f"grpc_upload_client.py: {type(error).__name__}: {error}")
