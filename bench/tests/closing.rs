//! SIGTERM under load, all four protocols at once: calls in flight are answered, open streams are
//! told, and the program ends within its drain.
#![cfg(unix)]

mod serving;

use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use demo::serve::{Door, until_signal};
use futures::future::{join_all, try_join_all};
use futures::{StreamExt, stream};
use services::model::{Join, NumberRange, User, UserChanges};
use services::store::{NewRecord, UserStore};
use services::{Backend, Code, Context, Error, Local, LocalConfig, ServeOptions, Stream};
use serving::{client, soon};
use tokio::sync::Semaphore;
use trivium::rooms;

/// Of each protocol. A connection carries at most 64 calls at a time, so several share them.
const CLIENTS: usize = 4;
/// Of each client.
const CALLS: usize = 25;
/// Of each client: half of them chats.
const STREAMS: usize = 26;
/// Of all protocols.
const ALL_CALLS: usize = rooms::ALL.len() * CLIENTS * CALLS;

/// A store whose answers wait for the test.
#[derive(Debug)]
struct Gated {
    asked: Semaphore,
    open: Semaphore,
}

#[async_trait]
impl UserStore for Gated {
    async fn get(&self, id: i32) -> Result<User, Error> {
        self.asked.add_permits(1);
        let _passed = self.open.acquire().await.expect("it is never closed");
        Ok(User {
            id,
            ..User::default()
        })
    }

    async fn create(&self, user: NewRecord) -> Result<User, Error> {
        Err(services::store::email_taken(&user.email))
    }

    async fn page(&self, _after: i32, _limit: usize) -> Result<Vec<User>, Error> {
        Ok(Vec::new())
    }

    async fn update(&self, id: i32, _changes: &UserChanges) -> Result<User, Error> {
        Err(services::store::unknown_user(id))
    }

    async fn delete(&self, id: i32) -> Result<User, Error> {
        Err(services::store::unknown_user(id))
    }
}

/// One client's open streams: half of them wait for numbers, half for lines of the chat.
async fn streams(client: &Arc<dyn Backend>) -> Vec<Stream<String>> {
    let context = Context::new();
    let numbers = (0..STREAMS / 2).map(|_| async {
        let range = NumberRange { start: 1, end: 9 };
        let numbers = client.stream_numbers(&context, range).await?;
        let mut numbers = numbers.map(|item| item.map(|item| item.message)).boxed();
        // The first comes at once; the next would come after the test's patience.
        numbers.next().await.expect("an item")?;
        Ok::<_, Error>(numbers)
    });
    let chats = (0..STREAMS / 2).map(|number| {
        let join = Join {
            user: format!("p{number}"),
            after: None,
        };
        let context = &context;
        async move {
            let chat = client
                .chat(context, &join, stream::pending().boxed())
                .await?;
            Ok::<_, Error>(chat.map(|line| line.map(|line| line.text)).boxed())
        }
    });
    let numbers = soon(try_join_all(numbers))
        .await
        .expect("streams of numbers");
    let chats = soon(try_join_all(chats)).await.expect("chats");
    numbers.into_iter().chain(chats).collect()
}

/// This process's own signal: tokio's handler, which `until_signal` has set up, takes it.
fn terminate_this_process() {
    let id = std::process::id().to_string();
    let killed = Command::new("kill").args(["-TERM", &id]).status();
    assert!(killed.expect("kill is there").success());
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_in_flight_are_answered_and_open_streams_told() {
    let store = Arc::new(Gated {
        asked: Semaphore::new(0),
        open: Semaphore::new(0),
    });
    let local = Local::new(LocalConfig {
        pace: Duration::from_secs(3600),
        users: Arc::clone(&store) as Arc<dyn UserStore>,
        ..LocalConfig::default()
    });
    let doors =
        rooms::ALL.map(|room| async move { Door::open(&room, "--addr", "127.0.0.1:0").await });
    let doors = try_join_all(doors).await.expect("free ports");
    let addresses: Vec<_> = doors
        .iter()
        .map(|door| door.listener.local_addr().expect("a bound socket has one"))
        .collect();
    let options = ServeOptions {
        drain: Duration::from_secs(30),
        ..ServeOptions::default()
    };
    let serving = tokio::spawn(until_signal(doors, Arc::new(local), options));

    let mut calls = Vec::new();
    let mut open = Vec::new();
    let rooms = rooms::ALL.iter().zip(addresses);
    for (room, address) in rooms.flat_map(|room| [room; CLIENTS]) {
        let client = client(room.name, address).await;
        open.extend(streams(&client).await);
        for id in 0..CALLS {
            let (client, room) = (Arc::clone(&client), room.name);
            calls.push(tokio::spawn(async move {
                let user = client.get_user(&Context::new(), id as i32).await;
                (room, user.map(|user| user.id == id as i32))
            }));
        }
    }
    let asked = store.asked.acquire_many(ALL_CALLS as u32);
    soon(asked).await.expect("it is never closed").forget();
    terminate_this_process();

    let ends = join_all(open.into_iter().map(|stream| stream.collect::<Vec<_>>()));
    for end in soon(ends).await {
        let codes: Vec<_> = end
            .iter()
            .map(|item| item.as_ref().map_err(Error::code))
            .collect();
        assert_eq!(codes, [Err(Code::Unavailable)]);
    }
    store.open.add_permits(ALL_CALLS);
    for call in soon(join_all(calls)).await {
        let (room, answer) = call.expect("no panic");
        assert_eq!(answer, Ok(true), "{room}");
    }
    let ended = soon(serving)
        .await
        .expect("no panic")
        .expect("it ends well");
    assert_eq!(format!("{ended:?}"), format!("{:?}", ExitCode::SUCCESS));
}
