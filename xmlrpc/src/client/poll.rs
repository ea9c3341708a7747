//! A server stream, polled for: each answer brings the items that are ready, and the cursor for
//! the next question. The server keeps the last items until they are acknowledged by it.

use std::collections::VecDeque;
use std::time::Duration;

use dxr::Value;
use futures::{StreamExt, stream};
use services::stream::covered;
use services::{Code, Context, DeadlineScope, Error, Stream};
use tokio::time::timeout;
use transport::Keeping;

use super::farewell::Farewell;
use super::{Client, readable, step, string};
use crate::contract::Step;
use crate::convert::{Members, boolean, int, list};

/// How long the server may wait for the first item of an answer; the contract allows 20 s.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// How long an answer may take beyond that wait before the server counts as unreachable.
const GRACE: Duration = Duration::from_secs(10);

/// How an item of a stream is read.
type Read<T> = fn(Value) -> Result<T, Error>;

/// Opens a stream, within the context's deadline, and polls it as it is read. Dropping the stream
/// closes it at the server.
pub(super) async fn open<T: Send + 'static>(
    client: &Client,
    context: &Context,
    operation: &str,
    params: Vec<Value>,
    read: Read<T>,
) -> Result<Stream<T>, Error> {
    let poll = Poll::open(client, context, operation, params, read, Step::Close).await?;
    let items = stream::unfold(poll, |mut poll| async move {
        let item = poll.next().await?;
        Some((item, poll))
    });
    Ok(covered(context, items.boxed()))
}

/// An open stream that is polled for.
pub(super) struct Poll<T> {
    client: Client,
    context: Context,
    method: String,
    pub(super) id: String,
    read: Read<T>,
    cursor: i32,
    items: VecDeque<Value>,
    ended: bool,
    farewell: Farewell,
    /// The connection that its polls use.
    _keeping: Keeping,
}

impl<T> Poll<T> {
    /// Opens a stream, within the context's deadline. When this is dropped before its end, the
    /// server is told by that last step.
    pub(super) async fn open(
        client: &Client,
        context: &Context,
        operation: &str,
        params: Vec<Value>,
        read: Read<T>,
        last: Step,
    ) -> Result<Self, Error> {
        let method = Step::Open.method(operation);
        let opening = step(&client.http, context, &method, params);
        let id = readable(string(context.within(opening).await?))?;
        let farewell = client.farewells.on_drop(last.method(operation), id.clone());
        Ok(Self {
            client: client.clone(),
            context: streaming(context),
            method: Step::Next.method(operation),
            farewell,
            id,
            read,
            cursor: 0,
            items: VecDeque::new(),
            ended: false,
            _keeping: client.http.keep(1),
        })
    }

    async fn next(&mut self) -> Option<Result<T, Error>> {
        loop {
            if let Some(item) = self.ready() {
                return Some(item);
            }
            if self.ended {
                return None;
            }
            if let Err(error) = self.ask(LONGEST_WAIT).await {
                return Some(Err(self.end(error)));
            }
        }
    }

    /// The next item of the last answer.
    pub(super) fn ready(&mut self) -> Option<Result<T, Error>> {
        let value = self.items.pop_front()?;
        Some(readable((self.read)(value)))
    }

    /// Whether nothing comes any more but what is ready.
    pub(super) fn has_ended(&self) -> bool {
        self.ended
    }

    /// Asks no more, because of that error.
    pub(super) fn end(&mut self, error: Error) -> Error {
        self.ended = true;
        self.items.clear();
        error
    }

    /// Asks for items, for which the server waits so long, and no longer than what is left of a
    /// deadline that covers the stream whole. Dropping this loses none.
    pub(super) async fn ask(&mut self, longest: Duration) -> Result<(), Error> {
        let wait = self.context.remaining().unwrap_or(longest).min(longest);
        let wait_ms = i32::try_from(wait.as_millis()).expect("at most 10 s");
        let params = vec![
            Value::String(self.id.clone()),
            Value::Integer(self.cursor),
            Value::Integer(wait_ms),
        ];
        let asking = step(&self.client.http, &self.context, &self.method, params);
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
}

/// The context of the calls behind a stream's opening: a deadline that covered only that is over.
pub(super) fn streaming(context: &Context) -> Context {
    let mut context = context.clone();
    if context.scope == DeadlineScope::Opening {
        context.deadline = None;
    }
    context
}

fn silent() -> Error {
    let message = "the server does not answer polls any more: open the stream again";
    Error::new(Code::Unavailable, message)
}
