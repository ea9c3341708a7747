//! The four rooms, as what they are to the outside: a `serve` and a `connect` each.

use std::sync::Arc;

use demo::Program;
use services::Backend;

/// XML-RPC.
pub const XMLRPC: Program = Program {
    name: "xmlrpc",
    protocol: "XML-RPC",
    scheme: "http",
    address: "127.0.0.1:9000",
    course_addresses: &[],
    serve: |listener, backend, options, shutdown| {
        Box::pin(xmlrpc::serve(listener, backend, options, shutdown))
    },
    connect: |url, options| {
        Box::pin(async move {
            let client = xmlrpc::Client::connect(&url, options).await?;
            Ok(Arc::new(client) as Arc<dyn Backend>)
        })
    },
};

/// JSON-RPC 2.0 over HTTP and WebSocket.
pub const JSONRPC: Program = Program {
    name: "jsonrpc",
    protocol: "JSON-RPC",
    scheme: "http",
    address: "127.0.0.1:8001",
    course_addresses: &[],
    serve: |listener, backend, options, shutdown| {
        Box::pin(jsonrpc::serve(listener, backend, options, shutdown))
    },
    connect: |url, options| {
        Box::pin(async move {
            let client = jsonrpc::Client::connect(&url, options).await?;
            Ok(Arc::new(client) as Arc<dyn Backend>)
        })
    },
};

/// gRPC.
pub const GRPC: Program = Program {
    name: "grpc",
    protocol: "gRPC",
    scheme: "http",
    address: "127.0.0.1:50051",
    course_addresses: &[],
    serve: |listener, backend, options, shutdown| {
        Box::pin(grpc::serve(listener, backend, options, shutdown))
    },
    connect: |url, options| {
        Box::pin(async move {
            let client = grpc::Client::connect(&url, options).await?;
            Ok(Arc::new(client) as Arc<dyn Backend>)
        })
    },
};

/// REST/JSON.
pub const REST: Program = Program {
    name: "rest",
    protocol: "REST",
    scheme: "http",
    address: "127.0.0.1:8000",
    course_addresses: &[],
    serve: |listener, backend, options, shutdown| {
        Box::pin(rest::serve(listener, backend, options, shutdown))
    },
    connect: |url, options| {
        Box::pin(async move {
            let client = rest::Client::connect(&url, options).await?;
            Ok(Arc::new(client) as Arc<dyn Backend>)
        })
    },
};

/// All of them, in the order of every table.
pub const ALL: [Program; 4] = [XMLRPC, JSONRPC, GRPC, REST];
