//! One request or a batch, dispatched to jsonrpsee's methods. Knows neither HTTP nor WebSocket.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::future::join_all;
use jsonrpsee::core::id_providers::RandomStringIdProvider;
use jsonrpsee::types::{ErrorCode, Id, Params};
use jsonrpsee::{
    BoundedSubscriptions, ConnectionId, Extensions, MethodCallback, MethodResponse, MethodSink,
    Methods, SubscriptionMethod, SubscriptionState,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use services::operation::Field;
use services::{Code, Context, Error};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::codec::arguments;
use crate::codec::reply::{error_of, refusal, under_id};
use crate::codec::request::{Message, Refused, Request};
use crate::contract::CANCEL_REQUEST;
use crate::error::WireError;

/// Items of one subscription that wait for the socket. A stream is polled no further until there
/// is room: 16 keep the socket busy without holding much.
const SUBSCRIPTION_ITEMS: usize = 16;

/// Letters and digits of a subscription's id: 95 random bits, so that none is met by guessing.
const ID_LETTERS: usize = 16;

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
    in_flight: Mutex<HashMap<Box<str>, CancellationToken>>,
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

/// The rest of one request, once its envelope is open.
struct Call<'a> {
    method: &'a str,
    params: Option<&'a RawValue>,
    context: Context,
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
            in_flight: Mutex::default(),
        }
    }

    /// Does what a message asks for. Entries of a batch run at the same time, as far as there are
    /// turns, and are answered in their order.
    pub async fn answer(&self, text: &str, context: &Context) -> Answer {
        match Message::parse(text) {
            Err(error) => Answer::text(refusal(None, &error)),
            Ok(Message::Single(text)) => self.single(text, context).await,
            Ok(Message::Batch(entries)) => {
                let calls = entries
                    .iter()
                    .map(|entry| self.single(entry.get(), context));
                batch(join_all(calls).await)
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
            self.cancel(call.params);
        } else if let Ok(_turn) = self.turns.acquire().await {
            // A subscription that nobody can hear of is dropped at once, and so ended.
            drop(self.dispatched(&call).await);
        }
    }

    async fn called(&self, id: &RawValue, call: Call<'_>) -> Answer {
        let done = async {
            let _turn = self.turns.acquire().await;
            self.dispatched(&call).await
        };
        let dispatched = match self.kind {
            Wire::Http => done.await,
            Wire::WebSocket => {
                let registered = self.register(id);
                let given_up = Err(WireError::from(&given_up()));
                let done = registered.token.run_until_cancelled(done).await;
                done.unwrap_or(given_up)
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

    /// The successful reply of jsonrpsee and the subscription that it opened, or the error.
    async fn dispatched(&self, call: &Call<'_>) -> Dispatched {
        let service = &self.service;
        let Some(method) = service.methods.method(call.method) else {
            return Err(not_found(call.method));
        };
        let fields = (service.parameters)(call.method);
        if let Some(fields) = fields {
            arguments::check(call.method, fields, call.params).map_err(|e| WireError::from(&e))?;
        }
        let (reply, opened) = self.executed(method, call).await?;
        match reply.as_error_code() {
            None => Ok((reply, opened)),
            Some(code) => Err(self.error(code, &reply, fields, call)),
        }
    }

    /// Calls jsonrpsee. Its id is always 0: see `codec::reply`.
    async fn executed(&self, method: &MethodCallback, call: &Call<'_>) -> Dispatched {
        let id = Id::Number(0);
        let params = Params::new(call.params.map(RawValue::get));
        let mut extensions = Extensions::new();
        extensions.insert(call.context.clone());
        let reply = match method {
            MethodCallback::Sync(method) => method(id, params, usize::MAX, extensions),
            MethodCallback::Async(method) => {
                method(id, params.into_owned(), self.id, usize::MAX, extensions).await
            }
            MethodCallback::Unsubscription(method) => {
                method(id, params, self.id, usize::MAX, extensions)
            }
            MethodCallback::Subscription(method) => {
                return self.subscribed(method, params, extensions).await;
            }
        };
        Ok((reply, None))
    }

    async fn subscribed(
        &self,
        method: &SubscriptionMethod<'static>,
        params: Params<'_>,
        mut extensions: Extensions,
    ) -> Dispatched {
        if self.kind == Wire::Http {
            return Err(WireError::from(&over_http()));
        }
        let permit = self.service.streams.acquire();
        let permit = permit.ok_or_else(|| WireError::from(&too_many_streams()))?;
        let (sender, mut receiver) = mpsc::channel(SUBSCRIPTION_ITEMS);
        let sink = MethodSink::new_with_limit(sender, u32::MAX);
        let state = SubscriptionState {
            conn_id: self.id,
            id_provider: &RandomStringIdProvider::new(ID_LETTERS),
            subscription_permit: permit,
        };
        // jsonrpsee runs the subscription in a task of its own, which this tells to stop where the
        // call is given up before it is answered.
        let opening = Opening::default();
        let _until_answered = opening.0.clone().drop_guard();
        extensions.insert(opening);
        let reply = method(Id::Number(0), params, sink, state, extensions).await;
        // The first message repeats the reply.
        receiver.recv().await;
        Ok((reply, Some(receiver)))
    }

    /// The error of a reply. Where `#[rpc]` could not decode the parameters, it says so without
    /// telling which: it is found out now.
    fn error(
        &self,
        code: i32,
        reply: &MethodResponse,
        fields: Option<&[Field]>,
        call: &Call<'_>,
    ) -> WireError {
        let error = error_of(reply.as_ref());
        let error = error.unwrap_or_else(|| WireError::new(code, "the call failed"));
        match fields {
            Some(fields) if error.message == ErrorCode::InvalidParams.message() => {
                WireError::from(&arguments::explain(fields, call.params))
            }
            _ => error,
        }
    }

    fn register(&self, id: &RawValue) -> Registered<'_> {
        let token = CancellationToken::new();
        self.lock().insert(id.get().into(), token.clone());
        Registered {
            caller: self,
            id: id.get().into(),
            token,
        }
    }

    /// Gives up the call of that id, where it is in flight: it is answered with Cancelled.
    fn cancel(&self, params: Option<&RawValue>) {
        #[derive(Deserialize)]
        struct Which<'a> {
            #[serde(borrow)]
            id: &'a RawValue,
        }
        let which = params.and_then(|params| serde_json::from_str::<Which<'_>>(params.get()).ok());
        if let Some(token) = which.and_then(|which| self.lock().remove(which.id.get())) {
            token.cancel();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Box<str>, CancellationToken>> {
        self.in_flight
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

type Dispatched = Result<(MethodResponse, Option<mpsc::Receiver<Box<RawValue>>>), WireError>;

/// Cancelled when the call that opens a subscription is over, answered or given up.
#[derive(Debug, Clone, Default)]
pub struct Opening(CancellationToken);

impl Opening {
    /// Runs a future that opens a stream; `None` where the call was given up meanwhile.
    pub async fn run<T>(&self, open: impl Future<Output = T>) -> Option<T> {
        self.0.run_until_cancelled(open).await
    }
}

/// A call that can be given up by its id, until this is dropped.
struct Registered<'a> {
    caller: &'a Caller,
    id: Box<str>,
    token: CancellationToken,
}

impl Drop for Registered<'_> {
    fn drop(&mut self) {
        self.caller.lock().remove(&self.id);
    }
}

/// The context of one request: what came with the connection, and the request's own members.
fn beside(context: &Context, request: &Request<'_>) -> Context {
    let mut context = context.fresh_exchange();
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

fn not_found(method: &str) -> WireError {
    let error = WireError::from(&Error::unknown_operation(method));
    WireError {
        message: format!("Method not found: {}", error.message),
        ..error
    }
}

fn given_up() -> Error {
    Error::new(Code::Cancelled, "the caller gave the call up")
}

fn over_http() -> Error {
    Error::Unimplemented(
        "a subscription needs a connection that stays: call this over WebSocket, on the same port"
            .into(),
    )
}

/// The error of a stream past the server's limit.
#[must_use]
pub fn too_many_streams() -> Error {
    Error::ResourceExhausted("too many streams are open: end some, or try again later".into())
}
