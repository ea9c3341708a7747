//! Streams both ways: numbers down as server-sent events until the caller has enough, metrics up
//! as lines of JSON until the sender ends, and a sender that breaks off.

use std::error::Error;
use std::sync::Arc;

use futures::stream::iter;
use futures::{StreamExt, TryStreamExt};
use services::model::{Metric, NumberRange};
use services::{ClientOptions, Context, Local, Metrics, Numbers, ServeOptions};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async { stopped.await.unwrap_or_default() };
    let backend = Arc::new(Local::default());
    let options = ServeOptions::default();
    let serving = tokio::spawn(rest::serve(listener, backend, options, shutdown));
    let client = rest::Client::connect(&url, ClientOptions::default()).await?;
    let context = Context::new();

    let range = NumberRange {
        start: 1,
        end: 1_000,
    };
    let numbers = client.stream_numbers(&context, range).await?;
    // Dropping the rest of the stream closes its connection: the server stops counting.
    let first: Vec<_> = numbers.take(3).try_collect().await?;
    assert_eq!(first.last().map(|item| item.number), Some(3));

    let metric = |value| Metric {
        value,
        ..Metric::default()
    };
    let metrics = iter([10.0, 20.0, 60.0].map(metric).map(Ok)).boxed();
    let summary = client.record_metrics(&context, metrics).await?;
    assert_eq!((summary.count, summary.mean), (3, 30.0));

    // A sender's error is no end: the call fails here, and the server sees that it broke off.
    let broken = services::Error::InvalidArgument("the sensor is gone".into());
    let metrics = iter([Ok(metric(10.0)), Err(broken.clone())]).boxed();
    assert_eq!(client.record_metrics(&context, metrics).await, Err(broken));

    drop(stop);
    serving.await??;
    println!("every stream gave what it should");
    Ok(())
}
