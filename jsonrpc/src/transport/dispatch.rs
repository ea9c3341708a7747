//! One request or a batch, dispatched to jsonrpsee's methods. Knows neither HTTP nor WebSocket.

mod in_flight;
mod method;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ::transport::http::answered_together;
use futures::future::join_all;
use jsonrpsee::{BoundedSubscriptions, ConnectionId, Methods};
use serde_json::value::RawValue;
use services::operation::Field;
use services::{Code, Context, Error};
use tokio::sync::{Semaphore, SemaphorePermit, mpsc};
use tokio::time::Instant;

use crate::codec::reply::{refusal, under_id};
use crate::codec::request::{Message, Refused, Request};
use crate::contract::CANCEL_REQUEST;
use crate::error::WireError;
use in_flight::InFlight;
pub use method::Opening;
use method::{Call, Dispatched};

/// Methods to be served, and how their parameters are proved.
#[derive(Debug, Clone)]
pub struct Service {
    methods: Methods,
    parameters: fn(&str) -> Option<&'static [Field]>,
    streams: BoundedSubscriptions,
}

impl Service {
    /// Those methods. `parameters` tells what a method takes; one of which it knows nothing gets
    /// whatever comes. `streams` bounds how many are open at a time.
    pub fn new(
        methods: impl Into<Methods>,
        parameters: fn(&str) -> Option<&'static [Field]>,
        streams: BoundedSubscriptions,
    ) -> Self {
        Self {
            methods: methods.into(),
            parameters,
            streams,
        }
    }
}

/// One connection as the methods see it: its number, and its calls in flight.
#[derive(Debug)]
pub struct Caller {
    service: Service,
    id: ConnectionId,
    kind: Wire,
    /// A call runs while it holds one of these; the others wait for their turn.
    turns: Semaphore,
    in_flight: InFlight,
}

/// What a connection can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// Requests and replies.
    Http,
    /// Also notifications from the server, and of calls given up.
    WebSocket,
}

/// What a message gets.
#[derive(Debug, Default)]
pub struct Answer {
    /// The reply; `None` where nothing is to be answered.
    pub text: Option<String>,
    /// Subscriptions that the message has opened: their notifications, to be sent after the reply.
    pub opened: Vec<mpsc::Receiver<Box<RawValue>>>,
}

impl Answer {
    /// An answer without a subscription.
    #[must_use]
    pub fn text(text: String) -> Self {
        Self {
            text: Some(text),
            opened: Vec::new(),
        }
    }
}

impl Caller {
    /// A new connection, of whose calls at most `calls` run at a time.
    #[must_use]
    pub fn new(service: Service, kind: Wire, calls: usize) -> Self {
        static CONNECTIONS: AtomicUsize = AtomicUsize::new(1);
        Self {
            service,
            id: ConnectionId(CONNECTIONS.fetch_add(1, Ordering::Relaxed)),
            kind,
            turns: Semaphore::new(calls.clamp(1, Semaphore::MAX_PERMITS)),
            in_flight: InFlight::default(),
        }
    }

    /// Does what a message asks for. Entries of a batch run at the same time, as far as there are
    /// turns, and are answered in their order. `context` is the message's own, and learns who
    /// answered.
    pub async fn answer(&self, text: &str, context: &Context) -> Answer {
        match Message::parse(text) {
            Err(error) => Answer::text(refusal(None, &error)),
            Ok(Message::Single(text)) => self.single(text, context).await,
            Ok(Message::Batch(entries)) => {
                let contexts: Vec<_> = entries.iter().map(|_| context.fresh_exchange()).collect();
                let calls = entries.iter().zip(&contexts);
                let calls = calls.map(|(entry, context)| self.single(entry.get(), context));
                let answers = join_all(calls).await;
                answered_together(context, &contexts);
                batch(answers)
            }
        }
    }

    async fn single(&self, text: &str, context: &Context) -> Answer {
        let request = match Request::parse(text) {
            Ok(request) => request,
            Err(Refused { id, error }) => return Answer::text(refusal(id, &error)),
        };
        let call = Call {
            method: &request.method,
            params: request.params,
            context: beside(context, &request),
        };
        match request.id {
            None => {
                self.notified(call).await;
                Answer::default()
            }
            Some(id) => self.called(id, call).await,
        }
    }

    /// A notification is executed like a call, and nobody is told what came of it.
    async fn notified(&self, call: Call<'_>) {
        if call.method == CANCEL_REQUEST {
            self.in_flight.cancel(call.params);
        } else {
            // A subscription that nobody can hear of is dropped at once, and so ended.
            drop(self.in_turn(&call).await);
        }
    }

    async fn called(&self, id: &RawValue, call: Call<'_>) -> Answer {
        let done = self.in_turn(&call);
        let dispatched = match self.kind {
            Wire::Http => done.await,
            Wire::WebSocket => {
                let done = self.in_flight.run(id, done).await;
                done.unwrap_or_else(|| Err(WireError::from(&given_up())))
            }
        };
        match dispatched {
            Ok((reply, opened)) => Answer {
                text: Some(under_id(id, reply.as_ref())),
                opened: opened.into_iter().collect(),
            },
            Err(error) => Answer::text(refusal(Some(id), &error)),
        }
    }

    /// Waits for a turn, within the call's deadline, and dispatches.
    async fn in_turn(&self, call: &Call<'_>) -> Dispatched {
        let _turn = match self.turns.try_acquire() {
            Ok(turn) => turn,
            Err(_) => self
                .turn(call)
                .await
                .map_err(|error| WireError::from(&error))?,
        };
        self.dispatched(call).await
    }

    async fn turn(&self, call: &Call<'_>) -> Result<SemaphorePermit<'_>, Error> {
        let turn = async { self.turns.acquire().await.map_err(|_| Error::closing()) };
        call.context.within(turn).await
    }
}

/// The context of one request: what came with the connection, and the request's own members.
fn beside(context: &Context, request: &Request<'_>) -> Context {
    let mut context = context.clone();
    if let Some(timeout) = request.timeout_ms {
        let own = Instant::now().checked_add(Duration::from_millis(timeout));
        context.deadline = match (context.deadline, own) {
            (Some(outer), Some(own)) => Some(outer.min(own)),
            (outer, own) => outer.or(own),
        };
    }
    for (name, value) in request.metadata.iter().flatten() {
        context.metadata.insert(name, value.as_str());
    }
    context
}

/// The replies of a batch as one list; none where every entry was a notification.
fn batch(answers: Vec<Answer>) -> Answer {
    let (texts, opened): (Vec<_>, Vec<_>) = answers
        .into_iter()
        .map(|answer| (answer.text, answer.opened))
        .unzip();
    let texts: Vec<String> = texts.into_iter().flatten().collect();
    Answer {
        text: (!texts.is_empty()).then(|| format!("[{}]", texts.join(","))),
        opened: opened.into_iter().flatten().collect(),
    }
}

fn given_up() -> Error {
    Error::new(Code::Cancelled, "the caller gave the call up")
}
