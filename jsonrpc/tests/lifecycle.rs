//! The life of a call over this wire.

#[path = "../../demo/lifecycle_tests.rs"]
mod lifecycle_tests;

use std::sync::Arc;

use lifecycle_tests::Room;
use services::Backend;

const ROOM: Room = Room {
    schemes: &["http", "ws"],
    serve: |listener, backend, options, shutdown| {
        Box::pin(jsonrpc::serve(listener, backend, options, shutdown))
    },
    connect: |url, options| {
        Box::pin(async move {
            let client = jsonrpc::Client::connect(&url, options).await?;
            Ok(Arc::new(client) as Arc<dyn Backend>)
        })
    },
    add_bytes: (54, 35),
    // JSON has no such numbers.
    carries_not_finite: false,
    streams_in_separate_calls: &["http"],
    uploads_in_separate_calls: &["http", "ws"],
};
