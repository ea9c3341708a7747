//! The uploads of `Local`: how a large chunk leaves others their turn.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use futures::{StreamExt, stream};
use services::{Context, Files, Local};

#[tokio::test]
async fn a_large_chunk_leaves_others_their_turn() {
    let turns = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&turns);
    let counting = tokio::spawn(async move {
        loop {
            counted.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
        }
    });
    let chunk = Bytes::from(vec![7; 8 * 1_024 * 1_024]);
    let upload = stream::iter([Ok(chunk)]).boxed();
    let report = Local::default().upload_file(&Context::new(), upload).await;
    counting.abort();
    let report = report.unwrap();
    assert_eq!((report.size_bytes, report.chunks), (8 * 1_024 * 1_024, 1));
    // One for each quarter of a MiB.
    assert!(turns.load(Ordering::Relaxed) >= 31, "{turns:?}");
}
