//! A server stream, polled for: each answer brings the items that are ready, and the cursor for
//! the next question. The server keeps the last items until they are acknowledged by it.

use std::collections::VecDeque;
use std::time::Duration;

use dxr::Value;
use futures::{StreamExt, stream};
use services::stream::covered;
use services::{Code, Context, DeadlineScope, Error, Stream};
use tokio::time::timeout;

use super::farewell::Farewell;
use super::{Client, readable, step, string};
use crate::contract::Step;
use crate::convert::{Members, boolean, int, list};

/// How long the server may wait for the first item of an answer; the contract allows 20 s.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// How long an answer may take beyond that wait before the server counts as unreachable.
const GRACE: Duration = Duration::from_secs(10);

/// How an item of a stream is read.
type Read<T> = fn(Value) -> Result<T, Error>;

struct Poll<T> {
    client: Client,
    context: Context,
    method: String,
    id: String,
    read: Read<T>,
    cursor: i32,
    items: VecDeque<Value>,
    ended: bool,
    farewell: Farewell,
}

/// Opens a stream, within the context's deadline, and polls it as it is read. Dropping the stream
/// closes it at the server.
pub(super) async fn open<T: Send + 'static>(
    client: &Client,
    context: &Context,
    operation: &str,
    params: Vec<Value>,
    read: Read<T>,
) -> Result<Stream<T>, Error> {
    let method = Step::Open.method(operation);
    let opening = step(&client.http, context, &method, params);
    let id = readable(string(context.within(opening).await?))?;
    let close = Step::Close.method(operation);
    let poll = Poll {
        client: client.clone(),
        context: context.clone(),
        method: Step::Next.method(operation),
        farewell: client.farewells.on_drop(close, id.clone()),
        id,
        read,
        cursor: 0,
        items: VecDeque::new(),
        ended: false,
    };
    let items = stream::unfold(poll, |mut poll| async move {
        let item = poll.next().await?;
        Some((item, poll))
    });
    Ok(covered(context, items.boxed()))
}

impl<T> Poll<T> {
    async fn next(&mut self) -> Option<Result<T, Error>> {
        loop {
            if let Some(value) = self.items.pop_front() {
                return Some(readable((self.read)(value)));
            }
            if self.ended {
                return None;
            }
            if let Err(error) = self.ask().await {
                self.ended = true;
                return Some(Err(error));
            }
        }
    }

    async fn ask(&mut self) -> Result<(), Error> {
        let (context, wait) = self.patience();
        let wait_ms = i32::try_from(wait.as_millis()).expect("at most 10 s");
        let params = vec![
            Value::String(self.id.clone()),
            Value::Integer(self.cursor),
            Value::Integer(wait_ms),
        ];
        let asking = step(&self.client.http, &context, &self.method, params);
        let answer = timeout(wait + GRACE, asking).await;
        readable(self.take(answer.unwrap_or_else(|_| Err(silent()))?))
    }

    fn take(&mut self, answer: Value) -> Result<(), Error> {
        let mut answer = Members::of("answer", answer)?;
        self.items = answer.take("items", list)?.into();
        self.cursor = answer.take("cursor", int)?;
        self.ended = answer.take("done", boolean)?;
        if self.ended {
            self.farewell.disarm();
        }
        Ok(())
    }

    /// The context of one question, and how long the server may wait: no longer than what is left
    /// of a deadline that covers the stream whole. One that covered the opening is over.
    fn patience(&self) -> (Context, Duration) {
        let mut context = self.context.clone();
        if context.scope == DeadlineScope::Opening {
            context.deadline = None;
        }
        let wait = context.remaining().unwrap_or(LONGEST_WAIT);
        (context, wait.min(LONGEST_WAIT))
    }
}

fn silent() -> Error {
    let message = "the server does not answer polls any more: open the stream again";
    Error::new(Code::Unavailable, message)
}
