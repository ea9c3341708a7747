//! The life of a call over this wire.

#[path = "../../demo/lifecycle_tests.rs"]
mod lifecycle_tests;

use std::sync::Arc;

use lifecycle_tests::Room;
use services::Backend;

const ROOM: Room = Room {
    schemes: &["http"],
    serve: |listener, backend, options, shutdown| {
        Box::pin(grpc::serve(listener, backend, options, shutdown))
    },
    connect: |url, options| {
        Box::pin(async move {
            let client = grpc::Client::connect(&url, options).await?;
            Ok(Arc::new(client) as Arc<dyn Backend>)
        })
    },
    add_bytes: (4, 2),
    // A `double` of protobuf is one of IEEE 754, all of them.
    carries_not_finite: true,
    streams_in_separate_calls: &[],
    uploads_in_separate_calls: &[],
};
