//! The two ways to a server, and what a call leaves in its context.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ::transport::HttpClient;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, header};
use http_body_util::Full;
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use services::{ByteCount, ClientOptions, Code, Context, Error};

use tokio::runtime::Handle;
use tokio::task::JoinSet;

use crate::codec::reply::{Reply, result_of, result_under};
use crate::codec::request::Outgoing;
use crate::error::from_wire;
use crate::transport::link::{Link, Subscription};

/// How long a notification may take that nobody waits for.
const FAREWELL: Duration = Duration::from_secs(1);

/// The connections of a client.
#[derive(Debug)]
pub(super) struct Wire {
    http: Option<Http>,
    socket: WebSocket,
}

#[derive(Debug)]
struct Http {
    client: Arc<HttpClient>,
    next_id: AtomicU64,
    /// Notifications on their way; dropping the client stops them.
    farewells: Mutex<JoinSet<()>>,
}

/// The WebSocket, opened when it is needed first, and again when it broke.
#[derive(Debug)]
struct WebSocket {
    authority: String,
    path: String,
    options: ClientOptions,
    link: Mutex<Option<Arc<Link>>>,
    /// Held while connecting, so that calls at the same time share one connection.
    connecting: tokio::sync::Mutex<()>,
}

impl Wire {
    pub(super) async fn connect(url: &str, options: &ClientOptions) -> Result<Self, Error> {
        if let Some(rest) = url.strip_prefix("ws://") {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            if authority.is_empty() {
                return Err(wrong(url));
            }
            let path = if path.is_empty() { "/" } else { path };
            let socket = WebSocket::new(authority, path, options);
            socket.link().await?;
            return Ok(Self { http: None, socket });
        }
        if !url.starts_with("http://") {
            return Err(wrong(url));
        }
        let client = HttpClient::connect(url, options).await?;
        let socket = WebSocket::new(client.authority(), client.path(), options);
        let http = Http {
            client: Arc::new(client),
            next_id: AtomicU64::new(1),
            farewells: Mutex::default(),
        };
        let http = Some(http);
        Ok(Self { http, socket })
    }

    /// One call; the caller keeps the deadline.
    pub(super) async fn call<P: Serialize, T: DeserializeOwned>(
        &self,
        context: &Context,
        method: &str,
        params: P,
    ) -> Result<T, Error> {
        match &self.http {
            Some(http) => http.call(context, method, params).await,
            None => self.socket.call(context, method, params).await,
        }
    }

    /// Tells the server something without waiting for an answer, as far as it can be reached: what
    /// is left to do when a future has been dropped.
    pub(super) fn farewell<P: Serialize>(&self, method: &str, params: P) {
        let notification = Outgoing::new(method, params, None);
        match &self.http {
            Some(http) => http.farewell(&notification),
            None => {
                if let Some(link) = self.socket.open_link() {
                    link.notify(&notification);
                }
            }
        }
    }

    /// Opens a subscription, over WebSocket in any case.
    pub(super) async fn subscribe<P: Serialize>(
        &self,
        context: &Context,
        methods: [String; 2],
        params: P,
    ) -> Result<Subscription, Error> {
        let [subscribe, unsubscribe] = methods;
        if let (Some(http), None) = (&self.http, self.socket.open_link()) {
            // A server of one connection at a time would never read the handshake.
            http.client.close_idle();
        }
        let (link, before) = self.socket.link().await?;
        let id = link.next_id();
        let text = written(&beside(
            context,
            Outgoing::new(&subscribe, params, Some(id)),
        ))?;
        let up = text.len();
        let (reply, subscription) = link.subscribe(id, text, unsubscribe).await?;
        learn(context, &link, before, (up, reply.len()));
        // An error reply has opened nothing.
        result_of::<IgnoredAny>(&reply)?;
        Ok(subscription)
    }
}

impl Http {
    async fn call<P: Serialize, T: DeserializeOwned>(
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

    fn farewell<P: Serialize>(&self, notification: &Outgoing<'_, P>) {
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

impl WebSocket {
    fn new(authority: &str, path: &str, options: &ClientOptions) -> Self {
        Self {
            authority: authority.into(),
            path: path.into(),
            options: options.clone(),
            link: Mutex::default(),
            connecting: tokio::sync::Mutex::default(),
        }
    }

    /// The link, and what it had carried when this call began: nothing, where the call opens it.
    async fn link(&self) -> Result<(Arc<Link>, ByteCount), Error> {
        if let Some(link) = self.open_link() {
            let before = link.bytes();
            return Ok((link, before));
        }
        let _connecting = self.connecting.lock().await;
        if let Some(link) = self.open_link() {
            let before = link.bytes();
            return Ok((link, before));
        }
        let link = Link::connect(&self.authority, &self.path, &self.options).await?;
        let link = Arc::new(link);
        *self.lock() = Some(Arc::clone(&link));
        Ok((link, ByteCount::default()))
    }

    fn open_link(&self) -> Option<Arc<Link>> {
        self.lock().as_ref().filter(|link| link.is_open()).cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Arc<Link>>> {
        self.link.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn call<P: Serialize, T: DeserializeOwned>(
        &self,
        context: &Context,
        method: &str,
        params: P,
    ) -> Result<T, Error> {
        let (link, before) = self.link().await?;
        let id = link.next_id();
        let text = written(&beside(context, Outgoing::new(method, params, Some(id))))?;
        let up = text.len();
        let reply = link.call(id, text).await?;
        learn(context, &link, before, (up, reply.len()));
        result_of(&reply)
    }
}

/// Puts what the context holds beside the parameters: over WebSocket there are no headers.
fn beside<'a, P>(context: &'a Context, mut request: Outgoing<'a, P>) -> Outgoing<'a, P> {
    request.timeout_ms = context.remaining().map(|remaining| {
        // Rounded up, so that the server never gives up before its caller.
        let millis = remaining.as_nanos().div_ceil(1_000_000);
        u64::try_from(millis).unwrap_or(u64::MAX)
    });
    request.metadata = (!context.metadata.is_empty()).then(|| context.metadata.iter().collect());
    request
}

/// A value that JSON cannot carry is refused before it is sent.
fn written<P: Serialize>(request: &Outgoing<'_, P>) -> Result<String, Error> {
    serde_json::to_string(request).map_err(|cause| Error::InvalidArgument(cause.to_string()))
}

fn learn(context: &Context, link: &Link, before: ByteCount, (up, down): (usize, usize)) {
    let after = link.bytes();
    context.learn(|exchange| {
        exchange.server = link.server().map(str::to_owned);
        exchange.body = ByteCount {
            up: up as u64,
            down: down as u64,
        };
        exchange.wire = ByteCount {
            up: after.up - before.up,
            down: after.down - before.down,
        };
    });
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

fn wrong(url: &str) -> Error {
    Error::invalid("url", url, "use http://host:port or ws://host:port")
}
