//! The client over HTTP/1.1: one connection a call in flight, idle ones kept. Nothing is retried,
//! save a request that never left because the idle connection it was meant for had died.

mod pool;
mod reply;
mod request;

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, Uri, header};
use http_body_util::Full;
use services::error::excerpt;
use services::{ByteCount, ClientOptions, Context, Error};

use crate::http::{TIMEOUT, insert_metadata, metadata, timeout_header};
use pool::{Pool, Pooled};
pub use reply::ReplyBody;
pub use request::RequestBody;

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
        let request = self.prepared(context, request.map(Into::into));
        let (pooled, before, sent, response) = self.exchanged(request).await?;
        let (head, incoming) = response.into_parts();
        let server = server(&head.headers);
        let learnt = metadata(&head.headers);
        context.learn(|exchange| {
            exchange.server = server;
            exchange.metadata = learnt;
        });
        let connection = reply::Held {
            pool: Arc::clone(&self.pool),
            pooled,
            before,
            sent,
            context: context.clone(),
        };
        let body = ReplyBody::new(incoming, connection);
        Ok(Response::from_parts(head, body))
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
        let (head, body) = self.send(context, request).await?.into_parts();
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

    async fn exchanged(
        &self,
        mut request: Request<RequestBody>,
    ) -> Result<
        (
            Pooled,
            ByteCount,
            request::Sent,
            Response<hyper::body::Incoming>,
        ),
        Error,
    > {
        let sent = request.body().sent();
        loop {
            let (mut pooled, idle) = match self.pool.take().await {
                Some(pooled) => (pooled, true),
                None => (self.pool.open().await?, false),
            };
            let before = pooled.bytes();
            match pooled.sender.try_send_request(request).await {
                Ok(response) => return Ok((pooled, before, sent, response)),
                Err(mut failure) => match failure.take_message() {
                    Some(unsent) if idle => request = unsent,
                    _ => return Err(self.pool.failed(failure.into_error())),
                },
            }
        }
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
    Error::invalid("url", excerpt(url), "use http://host:port")
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
