#!/usr/bin/env python3
"""The Portuguese course's server of users: grpcio, and a dictionary.

It keeps passwords as they come and sends them back, as the course's does: a fault
that a client has to bear and nobody should inherit.

Usage: grpc_usuarios_server.py [PORT]
"""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc

sys.path.insert(0, str(Path(__file__).parent.parent / ".installed" / "stubs"))

import usuarios_pb2 as usuarios
import usuarios_pb2_grpc

PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 0


class Usuarios(usuarios_pb2_grpc.UsuariosServicer):
    def __init__(self):
        self.lock = threading.Lock()
        self.kept = {}

    def CriarUsuario(self, request, context):
        usuario = request.usuario
        with self.lock:
            if usuario.id in self.kept:
                context.abort(grpc.StatusCode.ALREADY_EXISTS, "usuário já existe")
            self.kept[usuario.id] = usuario
        return usuarios.CriarUsuarioResponse(usuario=usuario)

    def ObterUsuarios(self, request, context):
        with self.lock:
            return usuarios.ObterUsuariosResponse(usuarios=self.kept.values())


server = grpc.server(ThreadPoolExecutor(max_workers=10))
usuarios_pb2_grpc.add_UsuariosServicer_to_server(Usuarios(), server)
bound_port = server.add_insecure_port(f"127.0.0.1:{PORT}")
server.start()

print(f"listening on 127.0.0.1:{bound_port}", flush=True)
server.wait_for_termination()
