//! The client: a [`Backend`](services::Backend) at the other end of a wire.

mod calculator;
mod chat;
mod conversation;
mod files;
mod greeter;
mod metrics;
mod numbers;
mod pages;
mod stream;
mod users;
mod usuarios;

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, header};
use http_body_util::Full;
use serde::Serialize;
use serde::de::DeserializeOwned;
use services::stream::covered;
use services::{ClientOptions, Code, Context, DeadlineScope, Error, Stream};
use transport::{HttpClient, ReplyBody, RequestBody};

use crate::codec::json;
use crate::contract::{EVENTS, JSON, Route};
use crate::convert::Scalar;
use crate::error::from_answer;

/// The longest target of a request in bytes; servers refuse longer ones, each from its own length.
const TARGET_BYTES: usize = 16 * 1024;

/// A client of one REST server. Each call in flight has a connection of its own. Dropping a call
/// or a stream closes its connection, and so stops the work at the server.
#[derive(Debug, Clone)]
pub struct Client {
    http: Arc<HttpClient>,
    /// What stands before every path.
    base: String,
    options: ClientOptions,
}

impl Client {
    /// Connects to `http://host:port[/path]` or `rest://host:port[/path]`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where nobody answers, [`Error::InvalidArgument`] for another URL.
    pub async fn connect(url: &str, options: ClientOptions) -> Result<Self, Error> {
        let url = match url.strip_prefix("rest://") {
            Some(rest) => format!("http://{rest}"),
            None => url.to_owned(),
        };
        let http = HttpClient::connect(&url, &options).await?;
        let path = http.path().split('?').next().unwrap_or_default();
        Ok(Self {
            base: path.trim_end_matches('/').to_owned(),
            http: Arc::new(http),
            options,
        })
    }

    /// A request with a JSON body.
    async fn post<R: DeserializeOwned>(
        &self,
        context: &Context,
        route: &Route,
        body: impl Serialize + Send,
    ) -> Result<R, Error> {
        self.send(context, route, route.path, body).await
    }

    /// The same to a path of its own.
    async fn send<R: DeserializeOwned>(
        &self,
        context: &Context,
        route: &Route,
        target: &str,
        body: impl Serialize + Send,
    ) -> Result<R, Error> {
        let body = json::to_bytes(&body)?;
        let mut request = self.request(route, target, Full::new(body))?;
        let json = HeaderValue::from_static(JSON);
        request.headers_mut().insert(header::CONTENT_TYPE, json);
        self.unary(context, request).await
    }

    /// A POST whose answer is a single value.
    async fn scalar<R: DeserializeOwned>(
        &self,
        context: &Context,
        route: &Route,
        body: impl Serialize + Send,
    ) -> Result<R, Error> {
        let answer = self.post(context, route, body).await;
        answer.map(|Scalar { result }| result)
    }

    /// A request of that path and query, without a body.
    async fn get<R: DeserializeOwned>(
        &self,
        context: &Context,
        route: &Route,
        target: &str,
    ) -> Result<R, Error> {
        let request = self.request(route, target, Full::default())?;
        self.unary(context, request).await
    }

    /// A POST whose body is sent as it is made.
    async fn upload<R: DeserializeOwned>(
        &self,
        context: &Context,
        route: &Route,
        kind: &'static str,
        body: RequestBody,
    ) -> Result<R, Error> {
        let mut request = self.request(route, route.path, body)?;
        let kind = HeaderValue::from_static(kind);
        request.headers_mut().insert(header::CONTENT_TYPE, kind);
        let uploading = async {
            let (head, body) = self.http.send(context, request).await?.into_parts();
            let body = body.whole(self.options.reply_bytes).await?;
            answered(head.status.as_u16(), &body)
        };
        context.within(uploading).await
    }

    /// A GET whose answer has headers that tell more. It is a step of a stream, so that it has no
    /// timeout but the context's.
    async fn page<R: DeserializeOwned>(
        &self,
        context: &Context,
        route: &Route,
        target: &str,
    ) -> Result<(R, HeaderMap), Error> {
        let request = self.request(route, target, Full::default())?;
        let answer = context.within(self.http.call(context, request)).await?;
        let body = answered(answer.status().as_u16(), answer.body())?;
        Ok((body, answer.into_parts().0.headers))
    }

    /// A call with one answer.
    async fn unary<R: DeserializeOwned>(
        &self,
        context: &Context,
        request: Request<Full<Bytes>>,
    ) -> Result<R, Error> {
        let context = context.or_timeout(self.options.timeout);
        let answer = context.within(self.http.call(&context, request)).await?;
        answered(answer.status().as_u16(), answer.body())
    }

    /// A call that is answered by events.
    async fn open<R, T>(
        &self,
        context: &Context,
        route: &Route,
        target: &str,
        from_wire: fn(R) -> T,
    ) -> Result<Stream<T>, Error>
    where
        R: DeserializeOwned + 'static,
        T: Send + 'static,
    {
        let mut request = self.request(route, target, Full::default())?;
        let events = HeaderValue::from_static(EVENTS);
        request.headers_mut().insert(header::ACCEPT, events);
        let opening = async {
            let (head, body) = self.http.send(context, request).await?.into_parts();
            if !head.status.is_success() {
                return Err(self.refused(head.status.as_u16(), body).await);
            }
            let kind = head.headers.get(header::CONTENT_TYPE);
            if !kind.is_some_and(|kind| kind.as_bytes().starts_with(EVENTS.as_bytes())) {
                let text = format!("the reply cannot be read: it is not of type {EVENTS}");
                return Err(Error::new(Code::Internal, text));
            }
            Ok(stream::items(body, self.options.reply_bytes, from_wire))
        };
        let stream = context.within(opening).await?;
        Ok(covered(context, stream))
    }

    async fn refused(&self, status: u16, body: ReplyBody) -> Error {
        match body.whole(self.options.reply_bytes).await {
            Ok(body) => from_answer(status, &body),
            Err(error) => error,
        }
    }

    fn request<B>(&self, route: &Route, target: &str, body: B) -> Result<Request<B>, Error> {
        let target = format!("{}{target}", self.base);
        if target.len() > TARGET_BYTES {
            let text = format!(
                "the arguments make an address of more than {TARGET_BYTES} bytes: shorten them"
            );
            return Err(Error::new(Code::InvalidArgument, text));
        }
        let request = Request::builder().method(route.method.clone()).uri(target);
        request.body(body).map_err(|cause| {
            let text = format!("the arguments make no address: {cause}");
            Error::new(Code::InvalidArgument, text)
        })
    }
}

/// What an answer of that status says.
fn answered<R: DeserializeOwned>(status: u16, body: &[u8]) -> Result<R, Error> {
    if (200..300).contains(&status) {
        json::reply(body)
    } else {
        Err(from_answer(status, body))
    }
}

/// The context of a step of a stream that is open already: its deadline was the opening's, unless
/// it covers the whole. The step learns of its exchange for itself: see [`gather`].
fn step(context: &Context) -> Context {
    let mut step = context.fresh_exchange();
    if step.scope == DeadlineScope::Opening {
        step.deadline = None;
    }
    step
}

/// Adds what a step learnt to what its stream has learnt.
fn gather(context: &Context, step: &Context) {
    let learnt = step.exchange();
    context.learn(|exchange| {
        exchange.server = learnt.server.or(exchange.server.take());
        exchange.metadata = learnt.metadata;
        exchange.body.up += learnt.body.up;
        exchange.body.down += learnt.body.down;
        exchange.wire.up += learnt.wire.up;
        exchange.wire.down += learnt.wire.down;
    });
}
