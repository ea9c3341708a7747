//! JSON-RPC by jsonrpsee's own server and clients, with their defaults.

use std::net::SocketAddr;
use std::sync::Arc;

use async_trait::async_trait;
use jsonrpsee_core::client::{ClientT, Error as ClientError};
use jsonrpsee_core::params::ArrayParams;
use jsonrpsee_http_client::{HttpClient, HttpClientBuilder};
use jsonrpsee_server::types::ErrorObjectOwned;
use jsonrpsee_server::{RegisterMethodError, RpcModule, Server};
use jsonrpsee_ws_client::{WsClient, WsClientBuilder};
use services::model::Usage;
use services::{Backend, Context, Error};
use tokio::net::TcpListener;

use super::{ReportMembers, failed};
use crate::caller::Caller;
use crate::workload::{Answer, Call, Workload};

/// Serves HTTP and WebSocket until the task is dropped.
///
/// # Errors
/// The listener's.
pub async fn serve(listener: TcpListener, backend: Arc<dyn Backend>) -> std::io::Result<()> {
    let module = module(backend).map_err(std::io::Error::other)?;
    let server = Server::builder().build_from_tcp(listener.into_std()?)?;
    server.start(module).stopped().await;
    Ok(())
}

fn module(backend: Arc<dyn Backend>) -> Result<RpcModule<Arc<dyn Backend>>, RegisterMethodError> {
    let mut module = RpcModule::new(backend);
    module.register_async_method("add", |params, backend, _| async move {
        let (a, b) = params.parse()?;
        backend.add(&Context::new(), a, b).await.map_err(object)
    })?;
    module.register_async_method("uppercase", |params, backend, _| async move {
        let (text,): (String,) = params.parse()?;
        let upper = backend.uppercase(&Context::new(), &text).await;
        upper.map_err(object)
    })?;
    module.register_async_method("calculate_metrics", |params, backend, _| async move {
        let (cpu_usage, memory_usage) = params.parse()?;
        let usage = Usage {
            cpu_usage,
            memory_usage,
        };
        let report = backend.calculate_metrics(&Context::new(), &usage).await;
        report.map(ReportMembers::from).map_err(object)
    })?;
    Ok(module)
}

fn object(error: Error) -> ErrorObjectOwned {
    ErrorObjectOwned::owned(-32603, error.to_string(), None::<()>)
}

/// jsonrpsee's client over HTTP; its pool keeps as many connections as there were calls in flight.
///
/// # Errors
/// [`Error::Unavailable`] where it cannot be made; it connects with its first call.
pub fn http(address: SocketAddr) -> Result<Client<HttpClient>, Error> {
    let client = HttpClientBuilder::new().build(format!("http://{address}"));
    client.map(Client).map_err(failed)
}

/// jsonrpsee's client over one WebSocket.
///
/// # Errors
/// [`Error::Unavailable`].
pub async fn websocket(address: SocketAddr) -> Result<Client<WsClient>, Error> {
    let client = WsClientBuilder::new().build(format!("ws://{address}"));
    client.await.map(Client).map_err(failed)
}

/// One of jsonrpsee's clients.
pub struct Client<T>(T);

#[async_trait]
impl<T: ClientT + Send + Sync> Caller for Client<T> {
    async fn call(&self, workload: &Workload) -> Result<Answer, Error> {
        answer(&self.0, &workload.call).await.map_err(failed)
    }
}

async fn answer(client: &impl ClientT, call: &Call) -> Result<Answer, ClientError> {
    let mut params = ArrayParams::new();
    match call {
        Call::Add(a, b) => {
            params.insert(a)?;
            params.insert(b)?;
            client.request("add", params).await.map(Answer::Integer)
        }
        Call::Uppercase(text) => {
            params.insert(text)?;
            client.request("uppercase", params).await.map(Answer::Text)
        }
        Call::CalculateMetrics(usage) => {
            params.insert(&usage.cpu_usage)?;
            params.insert(&usage.memory_usage)?;
            let report = client.request("calculate_metrics", params).await;
            report.map(|report: ReportMembers| Answer::Report(report.into()))
        }
    }
}
