//! The client: a backend whose work is done elsewhere. One connection a call in flight, the
//! deadline sent along and kept here too, nothing retried. A stream is polled for.

mod calculator;
mod chat;
mod farewell;
mod files;
mod greeter;
mod metrics;
mod numbers;
mod poll;
mod upload;
mod users;
mod usuarios;

use std::sync::Arc;

use bytes::Bytes;
use dxr::{MethodCall, Value};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use services::{ClientOptions, Code, Context, Error};
use transport::HttpClient;

use crate::client::farewell::Farewells;
use crate::codec::{read_reply, write_call};
use crate::convert::{int, text};
use crate::error::from_wire;

/// A client of one XML-RPC server, ours or another that has the contract's operations.
#[derive(Debug, Clone)]
pub struct Client {
    http: Arc<HttpClient>,
    options: ClientOptions,
    farewells: Farewells,
}

impl Client {
    /// Connects to a server at `http://host:port`, perhaps with a path, such as `/RPC2`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where nothing answers there, [`Error::InvalidArgument`] for another
    /// kind of URL.
    pub async fn connect(url: &str, options: ClientOptions) -> Result<Self, Error> {
        let http = Arc::new(HttpClient::connect(url, &options).await?);
        Ok(Self {
            farewells: Farewells::new(Arc::clone(&http)),
            http,
            options,
        })
    }

    /// A unary call, within the context's deadline or else the options' timeout.
    async fn call<T>(
        &self,
        context: &Context,
        method: &str,
        params: Vec<Value>,
        read: impl FnOnce(Value) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let context = context.or_timeout(self.options.timeout);
        let exchange = exchange(&self.http, &context, method, params);
        readable(read(context.within(exchange).await?))
    }
}

/// Sends a call and reads its answer. Dropping this closes the connection, at which the server
/// drops the call.
async fn exchange(
    http: &HttpClient,
    context: &Context,
    method: &str,
    params: Vec<Value>,
) -> Result<Value, Error> {
    // region: exchange
    let name = method.into();
    let body = write_call(&MethodCall { name, params })
        .map_err(|error| Error::InvalidArgument(error.to_string()))?;
    let request = post(http.path(), body)?;
    answered(&http.call(context, request).await?)
    // endregion: exchange
}

/// The request that carries a call: XML to that path.
fn post(path: &str, body: Vec<u8>) -> Result<Request<Full<Bytes>>, Error> {
    let mut request = Request::post(path)
        .body(Full::from(body))
        .map_err(|error| Error::internal("the request cannot be made", error))?;
    let xml = HeaderValue::from_static("text/xml");
    request.headers_mut().insert(CONTENT_TYPE, xml);
    Ok(request)
}

/// One call of the several that a stream is made of: what is learnt of each is added up.
async fn step(
    http: &HttpClient,
    context: &Context,
    method: &str,
    params: Vec<Value>,
) -> Result<Value, Error> {
    let one = context.fresh_exchange();
    let result = exchange(http, &one, method, params).await;
    let learnt = one.exchange();
    context.learn(|all| {
        all.server = learnt.server;
        all.metadata = learnt.metadata;
        for (sum, more) in [(&mut all.body, learnt.body), (&mut all.wire, learnt.wire)] {
            sum.up += more.up;
            sum.down += more.down;
        }
    });
    result
}

fn answered(response: &Response<Bytes>) -> Result<Value, Error> {
    if response.status() != StatusCode::OK {
        return Err(refused(response.status()));
    }
    match read_reply(response.body()) {
        Ok(reply) => reply.map_err(|fault| from_wire(&fault)),
        Err(error) => {
            let message = format!("the server's answer is not XML-RPC: {error}");
            Err(Error::internal(message, error))
        }
    }
}

/// An answer without XML-RPC: the server, or something in front of it, refused the request.
fn refused(status: StatusCode) -> Error {
    let code = match status {
        StatusCode::NOT_FOUND => Code::Unimplemented,
        StatusCode::PAYLOAD_TOO_LARGE | StatusCode::TOO_MANY_REQUESTS => Code::ResourceExhausted,
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => Code::DeadlineExceeded,
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE => Code::Unavailable,
        _ => Code::Internal,
    };
    Error::new(
        code,
        format!("the server answered HTTP {status} instead of XML-RPC"),
    )
}

/// What is wrong with an answer is the server's fault, not the caller's.
fn readable<T>(read: Result<T, Error>) -> Result<T, Error> {
    read.map_err(|error| Error::internal(format!("the answer cannot be read: {error}"), error))
}

fn whole(value: Value) -> Result<i32, Error> {
    int("the result", value)
}

fn string(value: Value) -> Result<String, Error> {
    text("the result", value)
}
