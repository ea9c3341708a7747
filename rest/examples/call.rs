//! One server, one client, a few calls between them, and an error that arrives as an error.

use std::error::Error;
use std::sync::Arc;

use services::{Calculator, ClientOptions, Context, Greeter, Local, ServeOptions};
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
    assert_eq!(client.add(&context, 5, 3).await?, 8);
    assert_eq!(client.uppercase(&context, "straße").await?, "STRASSE");
    assert_eq!(client.say_hello(&context, 42).await?, "Hello, 42!");

    let too_large = client.add(&context, i32::MAX, 1).await;
    assert!(matches!(too_large, Err(services::Error::OutOfRange(_))));

    drop(stop);
    serving.await??;
    println!("every call gave what it should");
    Ok(())
}
