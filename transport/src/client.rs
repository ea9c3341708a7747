//! The client over HTTP/1.1: one connection a call in flight, idle ones kept. Nothing is retried,
//! save a request that never left because the idle connection it was meant for had died.

mod pool;
mod reply;
mod request;

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, Uri, header};
use http_body_util::Full;
use hyper::body::Incoming;
use services::{ByteCount, ClientOptions, Context, Error};

use crate::http::{TIMEOUT, insert_metadata, metadata, timeout_header};
pub use pool::Keeping;
use pool::{Pool, Pooled};
use reply::Held;
pub use reply::ReplyBody;
pub use request::RequestBody;
use request::Sent;

/// A client of one server. Dropping it closes its idle connections.
#[derive(Debug)]
pub struct HttpClient {
    pool: Arc<Pool>,
    authority: String,
    host: HeaderValue,
    path: String,
    reply_bytes: usize,
}

impl HttpClient {
    /// Opens the first connection, so that an unreachable server is told at once, within
    /// `options.timeout`. The URL is `http://host[:port][/path]`.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for another kind of URL, [`Error::Unavailable`] where nothing
    /// answers at that address, [`Error::DeadlineExceeded`].
    pub async fn connect(url: &str, options: &ClientOptions) -> Result<Self, Error> {
        let (authority, path) = parsed(url)?;
        let address = with_port(&authority);
        let traffic = Arc::clone(&options.traffic);
        let pool = Pool::new(address, traffic, options.connections);
        let context = Context::new().or_timeout(options.timeout);
        let first = context.within(pool.open()).await?;
        pool.put(first);
        let host = HeaderValue::from_str(&authority).map_err(|_| wrong(url))?;
        Ok(Self {
            pool,
            authority,
            host,
            path,
            reply_bytes: options.reply_bytes,
        })
    }

    /// `host[:port]`, as in the URL.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The URL's path and query, `/` where it has none.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Closes the connections that wait for a request: a server that serves one connection at a
    /// time does not look at another before.
    pub fn close_idle(&self) {
        self.pool.clear();
    }

    /// Keeps so many connections beyond `options.connections`, until what this gives is dropped: a
    /// stream of many calls would else open one for each of them, once there are many streams.
    #[must_use]
    pub fn keep(&self, more: usize) -> Keeping {
        Keeping::new(Arc::clone(&self.pool), more)
    }

    /// Sends a request, whose target is a path, with `host`, the time that the context has left
    /// and its metadata added. Gives the head, and the body as it comes. The context learns the
    /// server and its metadata now, the bytes when the body ends or is dropped.
    ///
    /// Dropping this future, or the body before its end, closes the connection, which cancels the
    /// call at the server.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where the server cannot be reached or breaks off,
    /// [`Error::Internal`] for a reply that is not HTTP. Not the deadline: that is the caller's.
    pub async fn send(
        &self,
        context: &Context,
        request: Request<impl Into<RequestBody>>,
    ) -> Result<Response<ReplyBody>, Error> {
        let mut request = Some(self.prepared(context, request.map(Into::into)));
        self.exchanged(context, &mut request).await
    }

    /// The same with the whole reply.
    ///
    /// # Errors
    /// As [`send`](Self::send), and [`Error::ResourceExhausted`] for a reply of more than
    /// `options.reply_bytes`.
    pub async fn call(
        &self,
        context: &Context,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Bytes>, Error> {
        let mut request = Some(self.prepared(context, request.map(Into::into)));
        let exchanged = self.exchanged(context, &mut request).await?;
        let (head, body) = exchanged.into_parts();
        let body = body.whole(self.reply_bytes).await?;
        Ok(Response::from_parts(head, body))
    }

    fn prepared(
        &self,
        context: &Context,
        mut request: Request<RequestBody>,
    ) -> Request<RequestBody> {
        let headers = request.headers_mut();
        headers.insert(header::HOST, self.host.clone());
        if let Some(remaining) = context.remaining() {
            headers.insert(TIMEOUT, timeout_header(remaining));
        }
        if !context.metadata.is_empty() {
            insert_metadata(&context.metadata, headers);
        }
        request
    }

    /// Sends the request that is there on a connection. It is borrowed, since a request is large:
    /// the futures above stay small.
    async fn exchanged(
        &self,
        context: &Context,
        request: &mut Option<Request<RequestBody>>,
    ) -> Result<Response<ReplyBody>, Error> {
        loop {
            let (mut pooled, idle) = match self.pool.take().await {
                Some(pooled) => (pooled, true),
                // Boxed, since it is seldom and its future is large.
                None => (Box::pin(self.pool.open()).await?, false),
            };
            let before = pooled.bytes();
            let unsent = request
                .take()
                .expect("it is put back before the next round");
            let sent = unsent.body().sent();
            match pooled.sender.try_send_request(unsent).await {
                Ok(response) => return Ok(self.answered(context, pooled, before, sent, response)),
                Err(mut failure) => match failure.take_message() {
                    unsent @ Some(_) if idle => *request = unsent,
                    _ => return Err(self.pool.failed(failure.into_error())),
                },
            }
        }
    }

    fn answered(
        &self,
        context: &Context,
        pooled: Pooled,
        before: ByteCount,
        sent: Sent,
        response: Response<Incoming>,
    ) -> Response<ReplyBody> {
        let server = server(response.headers());
        let learnt = metadata(response.headers());
        context.learn(|exchange| {
            exchange.server = server;
            exchange.metadata = learnt;
        });
        let held = Held {
            pool: Arc::clone(&self.pool),
            pooled,
            before,
            sent,
            context: context.clone(),
        };
        response.map(|incoming| ReplyBody::new(incoming, held))
    }
}

fn server(headers: &http::HeaderMap) -> Option<String> {
    let name = headers.get(header::SERVER)?;
    Some(String::from_utf8_lossy(name.as_bytes()).into_owned())
}

fn parsed(url: &str) -> Result<(String, String), Error> {
    let uri: Uri = url.parse().map_err(|_| wrong(url))?;
    if uri.scheme_str() != Some("http") {
        return Err(wrong(url));
    }
    let authority = uri.authority().ok_or_else(|| wrong(url))?;
    if authority.as_str().contains('@') || authority.host().is_empty() {
        return Err(wrong(url));
    }
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    Ok((authority.to_string(), path.to_owned()))
}

fn wrong(url: &str) -> Error {
    Error::invalid("url", url, "use http://host:port")
}

/// HTTP's own port is 80 (RFC 9110 section 4.2.1).
fn with_port(authority: &str) -> String {
    let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| {
        !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
    });
    if has_port {
        authority.to_owned()
    } else {
        format!("{}:80", authority.trim_end_matches(':'))
    }
}
