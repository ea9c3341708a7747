//! The server: a [`Backend`] behind the services that tonic generates from the contract.

mod calculator;
mod chat;
mod files;
mod greeter;
mod metrics;
mod numbers;
mod users;
mod usuarios;

use std::future::Future;
use std::io;
use std::sync::Arc;

use futures::StreamExt;
use futures::stream::{BoxStream, unfold};
use hyper::service::service_fn;
use services::{Backend, Context, Error, ServeOptions, Stream, guarded};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, Streaming};

use crate::error::{from_wire, to_wire};
use crate::transport::health_and_reflection::StandardServices;
use crate::transport::http::{Addresses, HttpService};
use crate::transport::routes::Routes;

/// Serves that backend over gRPC until `shutdown`: all services on one port, with health,
/// reflection and gRPC-Web. Then open streams end with [`Error::Unavailable`], and calls in flight
/// have until `options.drain`.
///
/// # Errors
/// The listener's.
pub async fn serve(
    listener: TcpListener,
    backend: Arc<dyn Backend>,
    options: ServeOptions,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let closing = CancellationToken::new();
    let backend = guarded(backend, &options, closing.clone());
    let standard = StandardServices::open().await;
    let routes = Routes::new(backend, &options, standard.clone());
    let http = Arc::new(HttpService::new(routes, options.clone()));
    let ended = closing.clone();
    let options = Arc::new(options);
    let handler_options = Arc::clone(&options);
    let accepting = async {
        let handle = move |connection| {
            handle(
                connection,
                Arc::clone(&http),
                Arc::clone(&handler_options),
                ended.clone(),
            )
        };
        let served = transport::accept(listener, &options, shutdown, closing.clone(), handle).await;
        closing.cancel();
        served
    };
    let (served, ()) = tokio::join!(accepting, standard.close(&closing));
    served
}

async fn handle(
    connection: transport::Connection,
    http: Arc<HttpService>,
    options: Arc<ServeOptions>,
    closing: CancellationToken,
) {
    let (peer, local) = (connection.peer, connection.local);
    let service = service_fn(move |request| {
        let http = Arc::clone(&http);
        async move { Ok(http.answer(request, Addresses { peer, local }).await) }
    });
    transport::http::serve_auto(connection, &options, closing, service).await;
}

/// The backend as the generated traits want it.
pub(crate) struct Servicer(pub(crate) Arc<dyn Backend>);

/// The context that the routes left beside the message, and the message.
fn open<T>(request: Request<T>) -> (Context, T) {
    let (_, mut extensions, message) = request.into_parts();
    let context = extensions.remove::<Context>().unwrap_or_default();
    (context, message)
}

/// A result as the generated traits want it.
fn reply<T, M>(
    result: Result<T, Error>,
    convert: impl FnOnce(T) -> M,
) -> Result<Response<M>, Status> {
    match result {
        Ok(value) => Ok(Response::new(convert(value))),
        Err(error) => Err(to_wire(&error)),
    }
}

/// A stream as the generated traits want it. Its error becomes the status in the trailers.
fn replies<T: 'static, M: 'static>(
    stream: Stream<T>,
    convert: impl Fn(&T) -> M + Send + 'static,
) -> BoxStream<'static, Result<M, Status>> {
    let convert = move |item: Result<T, Error>| match item {
        Ok(item) => Ok(convert(&item)),
        Err(error) => Err(to_wire(&error)),
    };
    stream.map(convert).boxed()
}

/// An upload as the backend wants it. tonic tells an error twice; the backend is told once, at the
/// end.
fn until_error<M: Send + 'static, T: Send + 'static>(
    messages: Streaming<M>,
    convert: fn(M) -> T,
) -> Stream<T> {
    let items = unfold(Some(messages), move |messages| async move {
        let mut messages = messages?;
        match messages.next().await? {
            Ok(message) => Some((Ok(convert(message)), Some(messages))),
            Err(status) => Some((Err(from_wire(&status)), None)),
        }
    });
    items.boxed()
}
