//! Two people in one room: each hears both, in the same order, and one who comes back later hears
//! what was said meanwhile.

use std::error::Error;
use std::sync::Arc;

use futures::channel::mpsc;
use futures::{SinkExt, StreamExt, TryStreamExt};
use services::model::{ChatMessage, Join};
use services::{Chat, ClientOptions, Context, Local, ServeOptions, Stream};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// What a participant says, and what it hears.
type Participant = (
    mpsc::Sender<Result<ChatMessage, services::Error>>,
    Stream<ChatMessage>,
);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("grpc://{}", listener.local_addr()?);
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async { stopped.await.unwrap_or_default() };
    let backend = Arc::new(Local::default());
    let serving = tokio::spawn(grpc::serve(
        listener,
        backend,
        ServeOptions::default(),
        shutdown,
    ));
    // One connection carries both, each in a stream of HTTP/2 of its own.
    let client = grpc::Client::connect(&url, ClientOptions::default()).await?;

    let (mut ana, heard_by_ana) = join(&client, "Ana", None).await?;
    let (mut jose, heard_by_jose) = join(&client, "José", None).await?;
    let names = client.list_participants(&Context::new()).await?;
    assert_eq!(names, ["Ana", "José"]);

    ana.send(Ok(line("Who has the notes?"))).await?;
    jose.send(Ok(line("I do."))).await?;
    let first: Vec<_> = heard_by_ana.take(2).try_collect().await?;
    let second: Vec<_> = heard_by_jose.take(2).try_collect().await?;
    assert_eq!(first, second, "one order for all");

    // Dropping the streams above was leaving. Who comes back names the last message seen.
    let (ana, missed) = join(&client, "Ana", Some(1)).await?;
    let missed: Vec<_> = missed.take(1).try_collect().await?;
    assert_eq!(missed, first[1..]);
    drop(ana);

    drop(stop);
    serving.await??;
    println!("everybody heard what was said");
    Ok(())
}

async fn join(
    client: &grpc::Client,
    user: &str,
    after: Option<u64>,
) -> Result<Participant, services::Error> {
    let user = user.to_owned();
    let (sender, said) = mpsc::channel(1);
    let heard = client
        .chat(&Context::new(), &Join { user, after }, said.boxed())
        .await?;
    Ok((sender, heard))
}

/// A message of whoever says it: the server adds the name that was joined with.
fn line(text: &str) -> ChatMessage {
    ChatMessage {
        text: text.to_owned(),
        ..ChatMessage::default()
    }
}
