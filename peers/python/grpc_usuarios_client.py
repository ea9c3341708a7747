#!/usr/bin/env python3
"""The Portuguese course's client: it creates a user and lists all of them.

Prints one JSON object a call, with its result or its status.

Usage: grpc_usuarios_client.py 127.0.0.1:50051
"""

import json
import sys
import uuid
from pathlib import Path

import grpc
from google.protobuf.json_format import MessageToDict

sys.path.insert(0, str(Path(__file__).parent.parent / ".installed" / "stubs"))

import usuarios_pb2 as usuarios
import usuarios_pb2_grpc

TIMEOUT_SECONDS = 15


def report(label, method, request):
    """Makes one call and prints its outcome as a line."""
    line = {"call": label}
    try:
        answer = method(request, timeout=TIMEOUT_SECONDS)
        line["result"] = MessageToDict(answer, always_print_fields_with_no_presence=True)
    except grpc.RpcError as error:
        line["error"] = {"code": error.code().name, "message": error.details()}
    print(json.dumps(line, ensure_ascii=False), flush=True)


def calls(stub):
    # The course's clients make the id themselves.
    known = str(uuid.uuid5(uuid.NAMESPACE_URL, "joao"))
    joao = usuarios.Usuario(id=known, nome="João", email="joao@example.org", senha="segredo")
    request = usuarios.CriarUsuarioRequest(usuario=joao)
    report('CriarUsuario("João")', stub.CriarUsuario, request)
    report('CriarUsuario("João") again', stub.CriarUsuario, request)
    maria = usuarios.Usuario(nome="Maria", email="maria@example.org", senha="segredo")
    request = usuarios.CriarUsuarioRequest(usuario=maria)
    report('CriarUsuario("Maria") without an id', stub.CriarUsuario, request)
    silent = usuarios.Usuario(nome="Rui", email="rui@example.org")
    request = usuarios.CriarUsuarioRequest(usuario=silent)
    report('CriarUsuario("Rui") without a password', stub.CriarUsuario, request)
    report("ObterUsuarios()", stub.ObterUsuarios, usuarios.ObterUsuariosRequest())


with grpc.insecure_channel(sys.argv[1]) as channel:
    try:
        grpc.channel_ready_future(channel).result(timeout=5)
        calls(usuarios_pb2_grpc.UsuariosStub(channel))
    except Exception as error:
        sys.exit(f"grpc_usuarios_client.py: {type(error).__name__}: {error}")
