//! Health (`grpc.health.v1`) and reflection (v1 and v1alpha), which every gRPC server offers
//! beside its own services: load balancers ask the one, grpcurl the other.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{HeaderMap, Request, Response};
use http_body::{Body as HttpBody, Frame};
use services::Error;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::Service;
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};
use tonic_reflection::server::Builder;

use crate::codec::frames::Messages;
use crate::contract::FILE_DESCRIPTOR_SET;
use crate::contract::calculator::calculator_server;
use crate::contract::chat::chat_service_server;
use crate::contract::files::file_service_server;
use crate::contract::hello::do_stuff_server;
use crate::contract::monitoring::monitoring_service_server;
use crate::contract::streaming::stream_service_server;
use crate::contract::users::user_service_server;
use crate::contract::usuarios::usuarios_server;
use crate::error::to_wire;

/// The methods of these services, and how many messages each takes.
pub(crate) const METHODS: [(&str, Messages); 4] = [
    ("/grpc.health.v1.Health/Check", Messages::One),
    ("/grpc.health.v1.Health/Watch", Messages::One),
    (
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        Messages::Many,
    ),
    (
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        Messages::Many,
    ),
];

/// What health tells of: each service, and the empty name, which is the server.
const SERVICES: [&str; 9] = [
    "",
    calculator_server::SERVICE_NAME,
    do_stuff_server::SERVICE_NAME,
    monitoring_service_server::SERVICE_NAME,
    stream_service_server::SERVICE_NAME,
    user_service_server::SERVICE_NAME,
    usuarios_server::SERVICE_NAME,
    file_service_server::SERVICE_NAME,
    chat_service_server::SERVICE_NAME,
];

/// A service of tonic's own, whose type has no name.
type BoxedService = Arc<dyn Fn(Request<Body>) -> BoxFuture<'static, Response<Body>> + Send + Sync>;

/// Health and reflection of one server.
#[derive(Clone)]
pub(crate) struct StandardServices {
    reporter: HealthReporter,
    health: BoxedService,
    reflection: BoxedService,
    reflection_alpha: BoxedService,
    /// Cancelled when the streams of these services have to end.
    ended: CancellationToken,
}

impl StandardServices {
    /// Every service SERVING.
    pub(crate) async fn open() -> Self {
        let reporter = HealthReporter::new();
        let health = HealthServer::new(HealthService::from_health_reporter(reporter.clone()));
        let builder = || {
            Builder::configure()
                .register_encoded_file_descriptor_set(FILE_DESCRIPTOR_SET)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        };
        let expected = "the descriptors were compiled with this program";
        let services = Self {
            reporter,
            health: boxed(health),
            reflection: boxed(builder().build_v1().expect(expected)),
            reflection_alpha: boxed(builder().build_v1alpha().expect(expected)),
            ended: CancellationToken::new(),
        };
        services.report(ServingStatus::Serving).await;
        services
    }

    /// Once the server closes: every service NOT_SERVING, and whoever watches is told so before
    /// the streams end.
    pub(crate) async fn close(&self, closing: &CancellationToken) {
        closing.cancelled().await;
        self.report(ServingStatus::NotServing).await;
        self.ended.cancel();
    }

    /// Answers a request whose path is among the [`METHODS`].
    pub(crate) async fn answer(&self, request: Request<Body>) -> Response<Body> {
        let path = request.uri().path();
        let service = if path.starts_with("/grpc.health.v1.") {
            &self.health
        } else if path.starts_with("/grpc.reflection.v1.") {
            &self.reflection
        } else {
            &self.reflection_alpha
        };
        let ended = || self.ended.clone();
        let request = request.map(|body| Ending::request(body, ended()));
        let response = service(request).await;
        response.map(|body| Ending::response(body, ended()))
    }

    async fn report(&self, status: ServingStatus) {
        for service in SERVICES {
            self.reporter.set_service_status(service, status).await;
        }
    }
}

fn boxed<S>(service: S) -> BoxedService
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>
        + Clone
        + Send
        + Sync
        + 'static,
    S::Future: Send,
{
    Arc::new(move |request| {
        let mut service = service.clone();
        async move {
            let Ok(response): Result<_, Infallible> = service.call(request).await;
            response
        }
        .boxed()
    })
}

/// A body that ends once the server closes and it has nothing else to say. Without it one client
/// that watches the health would hold the server open for as long as it may; and so would one that
/// asks reflection, whose request is read by a task of tonic's until it ends.
struct Ending {
    body: Option<Body>,
    ended: Pin<Box<WaitForCancellationFutureOwned>>,
    /// What comes before such an end.
    trailers: Option<HeaderMap>,
}

impl Ending {
    fn request(body: Body, ended: CancellationToken) -> Body {
        Self::body(body, ended, None)
    }

    fn response(body: Body, ended: CancellationToken) -> Body {
        let mut trailers = HeaderMap::new();
        let written = to_wire(&Error::closing()).add_header(&mut trailers);
        written.expect("the text of a status is percent-encoded, which fits a header");
        Self::body(body, ended, Some(trailers))
    }

    fn body(body: Body, ended: CancellationToken, trailers: Option<HeaderMap>) -> Body {
        Body::new(Self {
            body: Some(body),
            ended: Box::pin(ended.cancelled_owned()),
            trailers,
        })
    }
}

impl HttpBody for Ending {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        task: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Some(body) = &mut self.body else {
            return Poll::Ready(None);
        };
        if let Poll::Ready(frame) = Pin::new(body).poll_frame(task) {
            return Poll::Ready(frame);
        }
        std::task::ready!(self.ended.poll_unpin(task));
        self.body = None;
        Poll::Ready(self.trailers.take().map(Frame::trailers).map(Ok))
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }
}
