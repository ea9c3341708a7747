//! The list of rows: the wires first, then libraries as they come, then floors.

use super::{Client, IN_FLIGHT, Protocol, Server, Target};
use crate::measurement::Kind;
use crate::rooms;

/// Every row, in the order of the tables.
pub const ALL: [Target; 14] = [
    Target {
        server: None,
        connections: None,
        floor: None,
        protocol: None,
        ..wire("local", "Local (no wire)", Client::Local, Kind::Local)
    },
    Target {
        server: Some(Server::Xmlrpc),
        floor: Some("http1-echo-xmlrpc"),
        protocol: Some(Protocol::Xmlrpc),
        ..wire(
            "xmlrpc",
            "XML-RPC",
            Client::Room(rooms::XMLRPC, "http"),
            Kind::Wire,
        )
    },
    Target {
        server: Some(Server::Jsonrpc),
        floor: Some("http1-echo-jsonrpc"),
        protocol: Some(Protocol::Jsonrpc),
        ..wire(
            "jsonrpc-http",
            "JSON-RPC, HTTP",
            Client::Room(rooms::JSONRPC, "http"),
            Kind::Wire,
        )
    },
    Target {
        server: Some(Server::Jsonrpc),
        connections: Some(1),
        floor: Some("tcp-echo-jsonrpc"),
        protocol: Some(Protocol::Jsonrpc),
        ..wire(
            "jsonrpc-websocket",
            "JSON-RPC, WebSocket",
            Client::Room(rooms::JSONRPC, "ws"),
            Kind::Wire,
        )
    },
    Target {
        server: Some(Server::Grpc),
        connections: Some(1),
        floor: Some("http2-echo-grpc"),
        protocol: Some(Protocol::Grpc),
        ..wire(
            "grpc",
            "gRPC",
            Client::Room(rooms::GRPC, "http"),
            Kind::Wire,
        )
    },
    Target {
        server: Some(Server::Rest),
        floor: Some("http1-echo-rest"),
        protocol: Some(Protocol::Rest),
        ..wire(
            "rest",
            "REST",
            Client::Room(rooms::REST, "http"),
            Kind::Wire,
        )
    },
    Target {
        server: Some(Server::StockDxr),
        floor: Some("http1-echo-xmlrpc"),
        protocol: Some(Protocol::Xmlrpc),
        ..wire("stock-dxr", "* stock dxr", Client::StockDxr, Kind::Stock)
    },
    Target {
        server: Some(Server::StockJsonrpsee),
        floor: Some("http1-echo-jsonrpc"),
        protocol: Some(Protocol::Jsonrpc),
        ..wire(
            "stock-jsonrpsee-http",
            "* stock jsonrpsee, HTTP",
            Client::StockJsonrpseeHttp,
            Kind::Stock,
        )
    },
    Target {
        server: Some(Server::StockJsonrpsee),
        connections: Some(1),
        floor: Some("tcp-echo-jsonrpc"),
        protocol: Some(Protocol::Jsonrpc),
        ..wire(
            "stock-jsonrpsee-websocket",
            "* stock jsonrpsee, WS",
            Client::StockJsonrpseeWebSocket,
            Kind::Stock,
        )
    },
    http1_echo(
        "http1-echo-xmlrpc",
        "* HTTP/1.1 echo, XML-RPC",
        "xmlrpc",
        Protocol::Xmlrpc,
    ),
    http1_echo(
        "http1-echo-jsonrpc",
        "* HTTP/1.1 echo, JSON-RPC",
        "jsonrpc-http",
        Protocol::Jsonrpc,
    ),
    http1_echo(
        "http1-echo-rest",
        "* HTTP/1.1 echo, REST",
        "rest",
        Protocol::Rest,
    ),
    Target {
        server: Some(Server::Http2Echo),
        connections: Some(1),
        sizes_of: Some("grpc"),
        protocol: Some(Protocol::Grpc),
        ..wire(
            "http2-echo-grpc",
            "* HTTP/2 echo, gRPC",
            Client::Http2Echo,
            Kind::Floor,
        )
    },
    Target {
        server: Some(Server::TcpEcho),
        sizes_of: Some("jsonrpc-websocket"),
        protocol: Some(Protocol::Jsonrpc),
        ..wire(
            "tcp-echo-jsonrpc",
            "* TCP echo, JSON-RPC",
            Client::TcpEcho,
            Kind::Floor,
        )
    },
];

/// A row with what most have in common: a connection for each call in flight.
const fn wire(name: &'static str, title: &'static str, client: Client, kind: Kind) -> Target {
    Target {
        name,
        title,
        kind,
        server: None,
        connections: Some(IN_FLIGHT),
        floor: None,
        sizes_of: None,
        protocol: None,
        client,
    }
}

const fn http1_echo(
    name: &'static str,
    title: &'static str,
    sizes_of: &'static str,
    protocol: Protocol,
) -> Target {
    Target {
        server: Some(Server::Http1Echo),
        sizes_of: Some(sizes_of),
        protocol: Some(protocol),
        ..wire(name, title, Client::Http1Echo, Kind::Floor)
    }
}
