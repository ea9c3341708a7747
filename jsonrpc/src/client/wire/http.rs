//! Calls over HTTP.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ::transport::HttpClient;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, header};
use http_body_util::Full;
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use services::{Code, Context, Error};
use tokio::runtime::Handle;
use tokio::task::JoinSet;

use super::written;
use crate::codec::reply::{Reply, result_under};
use crate::codec::request::Outgoing;
use crate::error::from_wire;

/// How long a notification may take that nobody waits for.
const FAREWELL: Duration = Duration::from_secs(1);

/// Calls by POST, each on a connection of its own while it is in flight.
#[derive(Debug)]
pub(super) struct Http {
    client: Arc<HttpClient>,
    next_id: AtomicU64,
    /// Notifications on their way; dropping the client stops them.
    farewells: Mutex<JoinSet<()>>,
}

impl Http {
    pub(super) fn new(client: HttpClient) -> Self {
        Self {
            client: Arc::new(client),
            next_id: AtomicU64::new(1),
            farewells: Mutex::default(),
        }
    }

    /// Closes the connections that wait for a call.
    pub(super) fn close_idle(&self) {
        self.client.close_idle();
    }

    pub(super) async fn call<P: Serialize, T: DeserializeOwned>(
        &self,
        context: &Context,
        method: &str,
        params: P,
    ) -> Result<T, Error> {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let text = written(&Outgoing::new(method, params, Some(id)))?;
        let response = self.client.call(context, self.post(text)).await?;
        let status = response.status();
        let text = std::str::from_utf8(response.body())
            .map_err(|cause| Error::internal("the server's reply is not UTF-8", cause))?;
        if status.is_success() {
            result_under(id, text)
        } else {
            Err(refused(status, text))
        }
    }

    fn post(&self, text: String) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::new(Bytes::from(text)));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.client.path().parse().unwrap_or_default();
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(header::CONTENT_TYPE, json);
        request
    }

    /// Sends a notification without waiting.
    pub(super) fn farewell<P: Serialize>(&self, notification: &Outgoing<'_, P>) {
        let (Ok(text), Ok(runtime)) = (written(notification), Handle::try_current()) else {
            return;
        };
        let (client, request) = (Arc::clone(&self.client), self.post(text));
        let mut farewells = self
            .farewells
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        while farewells.try_join_next().is_some() {}
        farewells.spawn_on(
            async move {
                let context = Context::with_timeout(FAREWELL);
                let sent = client.call(&context, request);
                // Nobody is left to be told.
                let _ = context.within(sent).await;
            },
            &runtime,
        );
    }
}

/// The error of an HTTP status, or what the reply says itself.
fn refused(status: StatusCode, text: &str) -> Error {
    if let Ok(Reply {
        error: Some(error), ..
    }) = serde_json::from_str::<Reply<'_, IgnoredAny>>(text)
    {
        return from_wire(&error);
    }
    let code = match status {
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::BAD_GATEWAY => Code::Unavailable,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::PAYLOAD_TOO_LARGE => Code::ResourceExhausted,
        StatusCode::GATEWAY_TIMEOUT => Code::DeadlineExceeded,
        _ => Code::Internal,
    };
    let status = status.as_u16();
    Error::new(
        code,
        format!("the server answered with HTTP status {status}, not JSON-RPC"),
    )
}
