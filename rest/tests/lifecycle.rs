//! The life of a call over this wire.

#[path = "../../demo/lifecycle_tests.rs"]
mod lifecycle_tests;

use std::sync::Arc;

use lifecycle_tests::Room;
use services::Backend;

const ROOM: Room = Room {
    schemes: &["http"],
    serve: |listener, backend, options, shutdown| {
        Box::pin(rest::serve(listener, backend, options, shutdown))
    },
    connect: |url, options| {
        Box::pin(async move {
            let client = rest::Client::connect(&url, options).await?;
            Ok(Arc::new(client) as Arc<dyn Backend>)
        })
    },
    add_bytes: (13, 12),
    // JSON has no such numbers.
    carries_not_finite: false,
    streams_in_separate_calls: &[],
    uploads_in_separate_calls: &[],
};
