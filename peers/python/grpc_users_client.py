#!/usr/bin/env python3
"""A stock client of the users: grpcio makes every call of UserService.

Prints one JSON object a call, with its result or its status.

Usage: grpc_users_client.py 127.0.0.1:50051
"""

import json
import sys
from pathlib import Path

import grpc
from google.protobuf.json_format import MessageToDict

sys.path.insert(0, str(Path(__file__).parent.parent / ".installed" / "stubs"))

import users_pb2 as users
import users_pb2_grpc

TIMEOUT_SECONDS = 15


def report(label, function):
    """Makes one call and prints its outcome as a line."""
    line = {"call": label}
    try:
        line["result"] = function()
    except grpc.RpcError as error:
        line["error"] = {"code": error.code().name, "message": error.details()}
    print(json.dumps(line, ensure_ascii=False), flush=True)


def plain(message):
    """A message as a dictionary, fields that have their default included."""
    return MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )


def unary(method, request):
    """One message up, one down."""
    return plain(method(request, timeout=TIMEOUT_SECONDS))


def names(stub, request):
    """One message up, a stream of users down."""
    return [user.name for user in stub.ListUsers(request, timeout=TIMEOUT_SECONDS)]


def create(stub, name, email):
    request = users.CreateUserRequest(name=name, email=email)
    report(f'CreateUser("{name}", "{email}")', lambda: unary(stub.CreateUser, request))


def calls(stub):
    create(stub, "Ana", "ana@example.org")
    create(stub, "José", "jose@example.org")
    create(stub, "Another", "ANA@example.org")
    create(stub, "", "nobody@example.org")
    create(stub, "Nobody", "nowhere")
    report("GetUser(1)", lambda: unary(stub.GetUser, users.GetUserRequest(id=1)))
    report("GetUser(999)", lambda: unary(stub.GetUser, users.GetUserRequest(id=999)))
    report("ListUsers()", lambda: names(stub, users.Empty()))
    report("ListUsers(1, 1)", lambda: names(stub, users.Empty(after=1, limit=1)))
    changes = users.UpdateUserRequest(id=1, roles=users.Roles(roles=["admin"]))
    report('UpdateUser(1, roles=["admin"])', lambda: unary(stub.UpdateUser, changes))
    report("DeleteUser(2)", lambda: unary(stub.DeleteUser, users.DeleteUserRequest(id=2)))
    report("DeleteUser(2) again", lambda: unary(stub.DeleteUser, users.DeleteUserRequest(id=2)))


with grpc.insecure_channel(sys.argv[1]) as channel:
    try:
        grpc.channel_ready_future(channel).result(timeout=5)
        calls(users_pb2_grpc.UserServiceStub(channel))
    except Exception as error:
        sys.exit(f"grpc_users_client.py: {type(error).__name__}: {error}")
