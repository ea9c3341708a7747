//! The program: this room's `serve` and `Client`, handed to what the four programs share.

use std::process::ExitCode;
use std::sync::Arc;

use services::Backend;

fn main() -> ExitCode {
    demo::main(&demo::Program {
        name: "xmlrpc-demo",
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
    })
}
