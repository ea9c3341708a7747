//! A server and a client in one program: calls over HTTP, then the same over WebSocket, an error,
//! and several calls at once on one connection.
//!
//! `cargo run -p jsonrpc-demo --example jsonrpc-call`

use std::sync::Arc;

use futures::future::try_join_all;
use services::local::Local;
use services::{Calculator, ClientOptions, Context, Error, Greeter, ServeOptions};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let backend = Arc::new(Local::default());
    let serving = tokio::spawn(jsonrpc::serve(
        listener,
        backend,
        ServeOptions::default(),
        async { drop(stopped.await) },
    ));

    let context = Context::new();
    for scheme in ["http", "ws"] {
        let url = format!("{scheme}://{address}");
        let client = jsonrpc::Client::connect(&url, ClientOptions::default()).await?;
        assert_eq!(client.add(&context, 5, 3).await?, 8);
        assert_eq!(client.say_hello(&context, 42).await?, "Hello, 42!");

        let overflow = client.add(&context, i32::MAX, 1).await;
        assert!(matches!(overflow, Err(Error::OutOfRange(_))));

        let cubes = (1..=8).map(|number| client.cube(&context, number));
        assert_eq!(
            try_join_all(cubes).await?,
            [1, 8, 27, 64, 125, 216, 343, 512]
        );
        println!("{url}: every answer is right");
    }

    let _ = stop.send(());
    serving.await??;
    Ok(())
}
