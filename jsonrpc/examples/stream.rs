//! Streams: one that comes, as a subscription; one that is given up; one that goes, as an upload.
//!
//! `cargo run -p jsonrpc-demo --example jsonrpc-stream`

use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};
use services::local::Local;
use services::model::{Metric, NumberRange};
use services::{ClientOptions, Context, Metrics, Numbers, ServeOptions};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let backend = Arc::new(Local::default());
    let serving = tokio::spawn(jsonrpc::serve(
        listener,
        backend,
        ServeOptions::default(),
        async { drop(stopped.await) },
    ));

    // The client calls over HTTP, and opens a WebSocket by itself for what HTTP cannot do.
    let client = jsonrpc::Client::connect(&url, ClientOptions::default()).await?;
    let context = Context::new();
    let range = NumberRange { start: 1, end: 10 };
    let numbers = client.stream_numbers(&context, range).await?;
    let numbers: Vec<i32> = numbers.map_ok(|item| item.number).try_collect().await?;
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);

    let mut given_up = client.stream_numbers(&context, range).await?;
    assert!(given_up.next().await.is_some());
    // Dropping it unsubscribes: the server stops.
    drop(given_up);

    let readings = [1.5, 2.5, 4.0].map(|value| Metric {
        value,
        ..Metric::default()
    });
    let upload = stream::iter(readings).map(Ok).boxed();
    let summary = client.record_metrics(&context, upload).await?;
    assert_eq!((summary.count, summary.min, summary.max), (3, 1.5, 4.0));
    println!("{url}: {numbers:?}, and {summary:?}");

    let _ = stop.send(());
    serving.await??;
    Ok(())
}
