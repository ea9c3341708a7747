//! The program: this room's `serve` and `Client`, handed to what the four programs share.

use std::process::ExitCode;
use std::sync::Arc;

use services::Backend;

fn main() -> ExitCode {
    demo::main(&demo::Program {
        name: "grpc-demo",
        protocol: "gRPC",
        scheme: "http",
        address: "127.0.0.1:50051",
        course_addresses: &["127.0.0.1:50052", "127.0.0.1:8888"],
        serve: |listener, backend, options, shutdown| {
            Box::pin(grpc::serve(listener, backend, options, shutdown))
        },
        connect: |url, options| {
            Box::pin(async move {
                let client = grpc::Client::connect(&url, options).await?;
                Ok(Arc::new(client) as Arc<dyn Backend>)
            })
        },
    })
}
