//! Two people in one room: each has one stream that hears everybody, and says what is sent into a
//! channel. One leaves, one comes back and catches up.
//!
//! `cargo run -p jsonrpc-demo --example jsonrpc-chat`

use std::sync::Arc;

use futures::channel::mpsc;
use futures::{SinkExt, StreamExt, stream};
use services::local::Local;
use services::model::{ChatMessage, Join};
use services::{Chat, ClientOptions, Context, Error, ServeOptions, Stream};
use tokio::net::TcpListener;

fn line(text: &str, id: &str) -> Result<ChatMessage, Error> {
    Ok(ChatMessage {
        text: text.into(),
        id: id.into(),
        ..ChatMessage::default()
    })
}

fn named(user: &str, after: Option<u64>) -> Join {
    let user = user.into();
    Join { user, after }
}

async fn heard(chat: &mut Stream<ChatMessage>) -> Result<String, Error> {
    let message = chat.next().await.ok_or_else(Error::closing)??;
    Ok(format!("[{}] {}", message.user, message.text))
}

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

    // Each client opens a WebSocket for its chat, and does everything else over HTTP.
    let ana = jsonrpc::Client::connect(&url, ClientOptions::default()).await?;
    let rui = jsonrpc::Client::connect(&url, ClientOptions::default()).await?;
    let context = Context::new();
    let (mut says, said) = mpsc::channel(8);
    let mut anas = ana
        .chat(&context, &named("Ana", None), said.boxed())
        .await?;
    let silent = || stream::pending().boxed();
    let mut ruis = rui.chat(&context, &named("Rui", None), silent()).await?;

    says.send(line("Bom dia!", "a-1")).await?;
    for chat in [&mut anas, &mut ruis] {
        assert_eq!(heard(chat).await?, "[Ana] Bom dia!");
    }
    assert_eq!(ana.list_participants(&context).await?, ["Ana", "Rui"]);
    drop(ruis);

    // A line that was sent twice, because nobody knew whether it arrived, is said once.
    says.send(line("Bom dia!", "a-1")).await?;
    says.send(line("Where is Rui?", "a-2")).await?;
    assert_eq!(heard(&mut anas).await?, "[Ana] Where is Rui?");
    let mut ruis = rui.chat(&context, &named("Rui", Some(1)), silent()).await?;
    assert_eq!(heard(&mut ruis).await?, "[Ana] Where is Rui?");

    // Who says no more has left, and hears all up to its own last line.
    drop(says);
    assert!(anas.next().await.is_none());
    println!("{url}: everybody heard everything, once and in one order");

    drop(ruis);
    let _ = stop.send(());
    serving.await??;
    Ok(())
}
