//! Three people in one chat, over a protocol whose requests end before their answers: what comes
//! down is one stream of events, and each line goes up by a request of its own. One of them comes
//! late and asks for what was said.
//!
//! `cargo run -p rest-demo --example rest-chat`

use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};
use services::local::Local;
use services::model::{ChatMessage, Join};
use services::{Chat, ClientOptions, Context, Error, ServeOptions, Stream};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let backend = Arc::new(Local::default());
    let options = ServeOptions::default();
    let serving = tokio::spawn(rest::serve(listener, backend, options, async {
        drop(stopped.await);
    }));

    let client = rest::Client::connect(&url, ClientOptions::default()).await?;
    let context = Context::new();

    // Bento only listens: what goes up does not end.
    let listens = stream::pending().boxed();
    let mut bento = client.chat(&context, &join("Bento", None), listens).await?;
    // Ana says two lines and leaves: her stream ends when she has heard them.
    let says = lines(["olá", "até logo"]);
    let ana = client.chat(&context, &join("Ana", None), says).await?;
    let heard_by_ana = texts(ana.try_collect().await?);
    assert_eq!(heard_by_ana, ["1 Ana: olá", "2 Ana: até logo"]);
    let heard_by_bento = texts(bento.by_ref().take(2).try_collect().await?);
    assert_eq!(heard_by_bento, heard_by_ana);
    let participants = client.list_participants(&context).await?;
    assert!(participants.contains(&"Bento".to_owned()));

    // Caio missed the first line only: he has seen number 1.
    let says = lines(["cheguei"]);
    let caio = client.chat(&context, &join("Caio", Some(1)), says).await?;
    let heard_by_caio = texts(caio.try_collect().await?);
    assert_eq!(heard_by_caio, ["2 Ana: até logo", "3 Caio: cheguei"]);
    println!("{}", heard_by_caio.join("\n"));

    // Dropping a stream leaves the chat, at the server too.
    drop(bento);
    let _ = stop.send(());
    serving.await??;
    Ok(())
}

fn join(user: &str, after: Option<u64>) -> Join {
    let user = user.into();
    Join { user, after }
}

/// What somebody says; the server fills in the name that was joined with, time and place.
fn lines<const N: usize>(texts: [&'static str; N]) -> Stream<ChatMessage> {
    let line = |text: &str| ChatMessage {
        text: text.into(),
        ..ChatMessage::default()
    };
    stream::iter(texts.map(|text| Ok::<_, Error>(line(text)))).boxed()
}

fn texts(messages: Vec<ChatMessage>) -> Vec<String> {
    let text = |message: ChatMessage| {
        let ChatMessage {
            sequence,
            user,
            text,
            ..
        } = message;
        format!("{sequence} {user}: {text}")
    };
    messages.into_iter().map(text).collect()
}
