//! Streams over a protocol that has none: one that comes, by polling; one that is given up; one
//! that goes, in numbered batches.
//!
//! `cargo run -p xmlrpc-demo --example xmlrpc-stream`

use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};
use services::local::Local;
use services::model::{Metric, NumberRange};
use services::{ClientOptions, Context, Metrics, Numbers, ServeOptions};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/RPC2", listener.local_addr()?);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let backend = Arc::new(Local::default());
    let options = ServeOptions::default();
    let serving = tokio::spawn(xmlrpc::serve(listener, backend, options, async {
        drop(stopped.await);
    }));

    let client = xmlrpc::Client::connect(&url, ClientOptions::default()).await?;
    let context = Context::new();
    let range = NumberRange { start: 1, end: 3 };
    let numbers: Vec<_> = client
        .stream_numbers(&context, range)
        .await?
        .try_collect()
        .await?;
    assert_eq!(numbers.len(), 3);
    println!("{}", numbers[2].message);

    // Dropping a stream ends it, at the server too.
    let long = NumberRange {
        start: 1,
        end: 1_000,
    };
    let mut numbers = client.stream_numbers(&context, long).await?;
    let first = numbers.try_next().await?.ok_or("the stream has items")?;
    assert_eq!(first.number, 1);
    drop(numbers);

    let metrics = [10.0, 20.0, 60.0].map(|value| {
        Ok(Metric {
            hostname: "lab".into(),
            metric_type: "cpu".into(),
            value,
            timestamp: 900_684_535,
            unit: "percent".into(),
        })
    });
    let summary = client
        .record_metrics(&context, stream::iter(metrics).boxed())
        .await?;
    assert_eq!((summary.count, summary.mean), (3, 30.0));
    println!("{} metrics, mean {}", summary.count, summary.mean);

    let _ = stop.send(());
    serving.await??;
    Ok(())
}
