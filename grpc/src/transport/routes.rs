//! From an HTTP request to the method that answers it: a match on the service's name instead of a
//! router, since the names are fixed and every layer costs each call.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, header};
use http_body::Body as HttpBody;
use services::context::DeadlineScope;
use services::error::excerpt;
use services::operation::Kind;
use services::{Backend, Code, Context, Error, ServeOptions};
use tonic::Status;
use tonic::body::Body;
use tonic::codec::CompressionEncoding;
use tonic::codegen::Service;
use transport::http::{TIMEOUT, answered_by, own_name};

use super::health_and_reflection::{self, StandardServices};
use super::request_body::{ArrivalLimit, CheckedBody};
use crate::codec::frames::{Encoding, Frames, Messages};
use crate::contract;
use crate::contract::calculator::calculator_server::{self, CalculatorServer};
use crate::contract::chat::chat_service_server::{self, ChatServiceServer};
use crate::contract::files::file_service_server::{self, FileServiceServer};
use crate::contract::hello::do_stuff_server::{self, DoStuffServer};
use crate::contract::monitoring::monitoring_service_server::{self, MonitoringServiceServer};
use crate::contract::streaming::stream_service_server::{self, StreamServiceServer};
use crate::contract::users::user_service_server::{self, UserServiceServer};
use crate::contract::usuarios::usuarios_server::{self, UsuariosServer};
use crate::error::to_wire;
use crate::server::Servicer;

/// Largest message in bytes where the options set none: gRPC's own default.
const MESSAGE_BYTES: usize = 4 * 1024 * 1024;

const ENCODING: &str = "grpc-encoding";

/// Every service of one server.
#[derive(Clone)]
pub(crate) struct Routes {
    calculator: CalculatorServer<Servicer>,
    greeter: DoStuffServer<Servicer>,
    metrics: MonitoringServiceServer<Servicer>,
    numbers: StreamServiceServer<Servicer>,
    users: UserServiceServer<Servicer>,
    usuarios: UsuariosServer<Servicer>,
    files: FileServiceServer<Servicer>,
    chat: ChatServiceServer<Servicer>,
    standard: StandardServices,
    name: Option<HeaderValue>,
    message_bytes: usize,
    request_timeout: Duration,
    stream_idle: Duration,
}

impl Routes {
    pub(crate) fn new(
        backend: Arc<dyn Backend>,
        options: &ServeOptions,
        standard: StandardServices,
    ) -> Self {
        let servicer = Arc::new(Servicer(backend));
        let bytes = options.limits.message_bytes.unwrap_or(MESSAGE_BYTES);
        let gzip = CompressionEncoding::Gzip;
        macro_rules! server {
            ($Server:ident) => {
                $Server::from_arc(Arc::clone(&servicer))
                    .accept_compressed(gzip)
                    .max_decoding_message_size(bytes)
            };
        }
        Self {
            calculator: server!(CalculatorServer),
            greeter: server!(DoStuffServer),
            metrics: server!(MonitoringServiceServer),
            numbers: server!(StreamServiceServer),
            users: server!(UserServiceServer),
            usuarios: server!(UsuariosServer),
            files: server!(FileServiceServer),
            chat: server!(ChatServiceServer),
            standard,
            name: own_name(options),
            message_bytes: bytes,
            request_timeout: options.request_timeout,
            stream_idle: options.stream_idle,
        }
    }

    /// Answers a gRPC request; every failure is a status.
    pub(crate) async fn answer<B>(
        &self,
        request: Request<B>,
        peer: std::net::SocketAddr,
    ) -> Response<Body>
    where
        B: HttpBody<Data = Bytes, Error = Status> + Send + Unpin + 'static,
    {
        match self.prepared(request, peer) {
            Ok(request) => self.named(request).await,
            Err(error) => to_wire(&error).into_http(),
        }
    }

    /// The request with its context beside it and its body checked.
    fn prepared<B>(
        &self,
        mut request: Request<B>,
        peer: std::net::SocketAddr,
    ) -> Result<Request<CheckedBody<B>>, Error> {
        let messages = messages(request.uri().path())?;
        let encoding = encoding(request.headers())?;
        let context = context(request.headers_mut(), peer)?;
        let frames = Frames::new(messages, self.message_bytes, encoding);
        let kind = contract::operation(request.uri().path()).map(|operation| operation.kind);
        let arrival_limit = match (messages, kind) {
            (Messages::One, _) => ArrivalLimit::new(self.request_timeout, context.deadline),
            (Messages::Many, Some(Kind::ClientStream)) => {
                Some(ArrivalLimit::Idle(self.stream_idle))
            }
            // Chat and reflection are conversations, in which a silent caller is reading.
            (Messages::Many, _) => None,
        };
        request.extensions_mut().insert(context);
        Ok(request.map(|body| CheckedBody::new(body, frames, arrival_limit)))
    }

    /// The answer, which tells who did the work: what the context learns while the call is made.
    async fn named<B>(&self, request: Request<CheckedBody<B>>) -> Response<Body>
    where
        B: HttpBody<Data = Bytes, Error = Status> + Send + Unpin + 'static,
    {
        let context = request.extensions().get::<Context>().cloned();
        let mut response = self.route(request).await;
        let name = answered_by(&context.unwrap_or_default(), self.name.as_ref());
        if let Some(name) = name {
            response.headers_mut().insert(header::SERVER, name);
        }
        response
    }

    async fn route<B>(&self, request: Request<CheckedBody<B>>) -> Response<Body>
    where
        B: HttpBody<Data = Bytes, Error = Status> + Send + Unpin + 'static,
    {
        let service = request.uri().path().split('/').nth(1).unwrap_or_default();
        let answered = match service {
            calculator_server::SERVICE_NAME => self.calculator.clone().call(request).await,
            do_stuff_server::SERVICE_NAME => self.greeter.clone().call(request).await,
            monitoring_service_server::SERVICE_NAME => self.metrics.clone().call(request).await,
            stream_service_server::SERVICE_NAME => self.numbers.clone().call(request).await,
            user_service_server::SERVICE_NAME => self.users.clone().call(request).await,
            usuarios_server::SERVICE_NAME => self.usuarios.clone().call(request).await,
            file_service_server::SERVICE_NAME => self.files.clone().call(request).await,
            chat_service_server::SERVICE_NAME => self.chat.clone().call(request).await,
            _ => Ok(self.standard.answer(request.map(Body::new)).await),
        };
        let Ok(response): Result<_, Infallible> = answered;
        response
    }
}

/// How many messages the method at that path takes.
fn messages(path: &str) -> Result<Messages, Error> {
    if let Some(operation) = contract::operation(path) {
        return Ok(match operation.kind {
            Kind::Unary | Kind::ServerStream => Messages::One,
            Kind::ClientStream | Kind::Bidirectional => Messages::Many,
        });
    }
    let standard = health_and_reflection::METHODS
        .iter()
        .find(|(known, _)| *known == path);
    standard
        .map(|(_, messages)| *messages)
        .ok_or_else(|| Error::Unimplemented(format!("there is no method \"{}\"", excerpt(path))))
}

/// How messages may be compressed.
fn encoding(headers: &HeaderMap) -> Result<Encoding, Error> {
    match headers.get(ENCODING).map(HeaderValue::as_bytes) {
        None | Some(b"identity") => Ok(Encoding::Identity),
        Some(b"gzip") => Ok(Encoding::Gzip),
        Some(other) => {
            let other = excerpt(String::from_utf8_lossy(other));
            Err(Error::Unimplemented(format!(
                "grpc-encoding is \"{other}\": use gzip or identity"
            )))
        }
    }
}

/// The context that the headers tell. tonic does not get to see the deadline: it would race with
/// the guard's and answer CANCELLED.
fn context(headers: &mut HeaderMap, peer: std::net::SocketAddr) -> Result<Context, Error> {
    let mut context = transport::http::context(headers, peer)
        .map_err(|malformed| Error::new(Code::Internal, malformed.to_string()))?;
    context.scope = DeadlineScope::Whole;
    headers.remove(TIMEOUT);
    Ok(context)
}
