//! A server and a client in one program: calls, an error that arrives as an error, and calls at
//! the same time over one connection.

use std::error::Error;
use std::time::Duration;

use services::model::Usage;
use services::{Calculator, ClientOptions, Code, Context, Greeter, Local, Metrics, ServeOptions};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("grpc://{}", listener.local_addr()?);
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async { stopped.await.unwrap_or_default() };
    let backend = std::sync::Arc::new(Local::default());
    let serving = tokio::spawn(grpc::serve(
        listener,
        backend,
        ServeOptions::default(),
        shutdown,
    ));

    // The client is what the server serves: the same traits with a wire in the middle.
    let client = grpc::Client::connect(&url, ClientOptions::default()).await?;
    let context = Context::with_timeout(Duration::from_secs(5));
    assert_eq!(client.add(&context, 5, 3).await?, 8);
    assert_eq!(client.uppercase(&context, "straße").await?, "STRASSE");
    assert_eq!(client.say_hello(&context, 42).await?, "Hello, 42!");

    let usage = Usage {
        cpu_usage: vec![45.0, 67.0, 89.0, 34.0, 56.0],
        memory_usage: vec![2.1, 2.3, 2.5, 2.2, 2.4],
    };
    let report = client.calculate_metrics(&context, &usage).await?;
    assert!(report.alert, "89 is past 80");

    let error = client.add(&context, i32::MAX, 1).await.err();
    assert_eq!(error.map(|error| error.code()), Some(Code::OutOfRange));

    // HTTP/2 carries them side by side.
    let products = (1..=10).map(|number| client.multiply(&context, number, number));
    let products = futures::future::try_join_all(products).await?;
    assert_eq!(products, [1, 4, 9, 16, 25, 36, 49, 64, 81, 100]);

    drop(stop);
    serving.await??;
    println!("every call gave what it should");
    Ok(())
}
