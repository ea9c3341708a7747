//! The server: jsonrpsee's traits over a backend. How bytes come and go is in `transport`.

mod calculator;
mod chat;
mod chats;
mod discovery;
mod files;
mod greeter;
mod metrics;
mod numbers;
mod subscription;
mod uploads;
mod users;
mod usuarios;

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use jsonrpsee::{BoundedSubscriptions, Extensions, Methods};
use services::operation::{RECORD_METRICS, UPLOAD_FILE};
use services::{Backend, Context, ServeOptions, guarded, model};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::codec::openrpc;
use crate::contract::calculator::CalculatorServer;
use crate::contract::chat::ChatServer;
use crate::contract::discovery::DiscoveryServer;
use crate::contract::files::FilesServer;
use crate::contract::greeter::GreeterServer;
use crate::contract::metrics::MetricsServer;
use crate::contract::numbers::NumbersServer;
use crate::contract::parameters;
use crate::contract::users::UsersServer;
use crate::contract::usuarios::UsuariosServer;
use crate::transport::dispatch::Service;
use crate::transport::http::serve_methods;
use chats::Chats;
use uploads::Uploads;

/// Serves that backend over JSON-RPC until `shutdown`: over HTTP, and over WebSocket on the same
/// port. Then open streams end, calls in flight are answered, and what is left when
/// `options.drain` has passed is dropped.
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
    let limit = u32::try_from(options.limits.streams).unwrap_or(u32::MAX);
    let streams = BoundedSubscriptions::new(limit);
    let idle = options.stream_idle;
    let metrics = Uploads::new(&RECORD_METRICS, &streams, idle, &closing);
    let files = Uploads::new(&UPLOAD_FILE, &streams, idle, &closing);
    let room = Room {
        backend: guarded(backend, &options, closing.clone()),
        metrics: Arc::clone(&metrics),
        files: Arc::clone(&files),
        chats: Arc::default(),
        closing: closing.clone(),
        document: Arc::new(openrpc::document()),
    };
    let service = Service::new(room.methods(), parameters, streams);
    tokio::select! {
        served = serve_methods(listener, service, options, shutdown, closing) => served,
        never = metrics.expire() => match never {},
        never = files.expire() => match never {},
    }
}

/// What the methods share.
#[derive(Clone)]
struct Room {
    backend: Arc<dyn Backend>,
    metrics: Arc<Uploads<model::Metric, model::MetricsSummary>>,
    files: Arc<Uploads<Bytes, model::UploadReport>>,
    chats: Arc<Chats>,
    closing: CancellationToken,
    document: Arc<serde_json::Value>,
}

impl Room {
    fn methods(self) -> Methods {
        let services: [Methods; 9] = [
            CalculatorServer::into_rpc(self.clone()).into(),
            GreeterServer::into_rpc(self.clone()).into(),
            MetricsServer::into_rpc(self.clone()).into(),
            NumbersServer::into_rpc(self.clone()).into(),
            UsersServer::into_rpc(self.clone()).into(),
            UsuariosServer::into_rpc(self.clone()).into(),
            FilesServer::into_rpc(self.clone()).into(),
            ChatServer::into_rpc(self.clone()).into(),
            DiscoveryServer::into_rpc(self).into(),
        ];
        let mut methods = Methods::new();
        for service in services {
            let merged = methods.merge(service);
            merged.expect("no two services have a method of one name, as every test proves");
        }
        methods
    }
}

/// What the transport has put beside the parameters.
fn context(call: &Extensions) -> Context {
    call.get().cloned().unwrap_or_default()
}
