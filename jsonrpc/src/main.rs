//! The program: this room's `serve` and `Client`, handed to what the four programs share.

use std::process::ExitCode;
use std::sync::Arc;

use services::Backend;

fn main() -> ExitCode {
    demo::main(&demo::Program {
        name: "jsonrpc-demo",
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
    })
}
