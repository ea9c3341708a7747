//! One call of a method of jsonrpsee.

use ::transport::sessions::too_many;
use jsonrpsee::core::id_providers::RandomStringIdProvider;
use jsonrpsee::types::{Id, Params};
use jsonrpsee::{
    Extensions, MethodCallback, MethodResponse, MethodSink, SubscriptionMethod, SubscriptionState,
};
use serde_json::value::RawValue;
use services::operation::Field;
use services::{Context, Error};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{Caller, Wire};
use crate::codec::arguments;
use crate::codec::reply::{JsonrpseeError, error_of};
use crate::error::WireError;

/// Items of one subscription that wait for the socket. A stream is polled no further until there
/// is room: 16 keep the socket busy without holding much.
const SUBSCRIPTION_ITEMS: usize = 16;

/// Letters and digits of a subscription's id: 95 random bits, so that none is met by guessing.
const ID_LETTERS: usize = 16;

/// The rest of one request, once its envelope is open.
pub(super) struct Call<'a> {
    pub(super) method: &'a str,
    pub(super) params: Option<&'a RawValue>,
    pub(super) context: Context,
}

/// The successful reply, and the notifications of the subscription that it opened; or the error.
pub(super) type Dispatched =
    Result<(MethodResponse, Option<mpsc::Receiver<Box<RawValue>>>), WireError>;

impl Caller {
    /// The successful reply of jsonrpsee and the subscription that it opened, or the error.
    pub(super) async fn dispatched(&self, call: &Call<'_>) -> Dispatched {
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
            Some(code) => Err(Self::error(code, &reply, fields, call)),
        }
    }

    /// Calls jsonrpsee. Its id is always 0: see `codec::reply`.
    async fn executed(&self, method: &MethodCallback, call: &Call<'_>) -> Dispatched {
        let id = Id::Number(0);
        let params = Params::new(call.params.map(RawValue::get));
        let mut extensions = Extensions::new();
        extensions.insert(call.context.clone());
        extensions.insert(self.id);
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
        let permit = permit.ok_or_else(|| WireError::from(&too_many()))?;
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
        code: i32,
        reply: &MethodResponse,
        fields: Option<&[Field]>,
        call: &Call<'_>,
    ) -> WireError {
        match (error_of(reply.as_ref()), fields) {
            (Some(JsonrpseeError::Parameters(_)), Some(fields)) => {
                WireError::from(&arguments::explain(fields, call.params))
            }
            (Some(JsonrpseeError::Parameters(error) | JsonrpseeError::Method(error)), _) => error,
            (None, _) => WireError::new(code, "the call failed"),
        }
    }
}

/// Cancelled when the call that opens a subscription is over, answered or given up.
#[derive(Debug, Clone, Default)]
pub struct Opening(CancellationToken);

impl Opening {
    /// Runs a future that opens a stream; `None` where the call was given up meanwhile.
    pub async fn run<T>(&self, open: impl Future<Output = T>) -> Option<T> {
        self.0.run_until_cancelled(open).await
    }
}

fn not_found(method: &str) -> WireError {
    let error = WireError::from(&Error::unknown_operation(method));
    WireError {
        message: format!("Method not found: {}", error.message),
        ..error
    }
}

fn over_http() -> Error {
    Error::Unimplemented(
        "a subscription needs a connection that stays: call this over WebSocket, on the same port"
            .into(),
    )
}
