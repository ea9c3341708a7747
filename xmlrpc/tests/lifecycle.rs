//! The life of a call over this wire.

#[path = "../../demo/lifecycle_tests.rs"]
mod lifecycle_tests;

use std::sync::Arc;

use lifecycle_tests::Room;
use services::Backend;

const ROOM: Room = Room {
    schemes: &["http"],
    serve: |listener, backend, options, shutdown| {
        Box::pin(xmlrpc::serve(listener, backend, options, shutdown))
    },
    connect: |url, options| {
        Box::pin(async move {
            let client = xmlrpc::Client::connect(&url, options).await?;
            Ok(Arc::new(client) as Arc<dyn Backend>)
        })
    },
    add_bytes: (192, 130),
    // A `double` of XML-RPC is digits only.
    carries_not_finite: false,
    streams_in_separate_calls: &["http"],
    uploads_in_separate_calls: &["http"],
};
