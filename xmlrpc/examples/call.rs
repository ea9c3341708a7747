//! A server and a client in one program: a call that looks like a local one, an error, and several
//! calls at once.
//!
//! `cargo run -p xmlrpc-demo --example xmlrpc-call`

use std::sync::Arc;

use futures::future::try_join_all;
use services::local::Local;
use services::{Calculator, ClientOptions, Context, Error, Greeter, ServeOptions};
use tokio::net::TcpListener;
use xmlrpc::Client;

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

    let context = Context::new();
    // region: looks-local
    let here = Local::default();
    let there = Client::connect(&url, ClientOptions::default()).await?;

    assert_eq!(here.add(&context, 5, 3).await?, 8);
    assert_eq!(there.add(&context, 5, 3).await?, 8);
    // endregion: looks-local
    assert_eq!(there.say_hello(&context, 42).await?, "Hello, 42!");

    let overflow = there.add(&context, i32::MAX, 1).await;
    assert!(matches!(overflow, Err(Error::OutOfRange(_))));

    // HTTP/1.1 answers in order, so each call in flight has a connection of its own.
    let cubes = (1..=8).map(|number| there.cube(&context, number));
    let cubes = try_join_all(cubes).await?;
    assert_eq!(cubes, [1, 8, 27, 64, 125, 216, 343, 512]);
    println!("{url}: every answer is right");

    let _ = stop.send(());
    serving.await??;
    Ok(())
}
