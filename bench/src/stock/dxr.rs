//! XML-RPC by dxr's own server and client, with the defaults that its README shows.

use std::net::SocketAddr;
use std::sync::Arc;

use ::dxr::{Fault, TryFromParams, TryToValue, Value};
use async_trait::async_trait;
use dxr_server::{Handler, HandlerResult, RouteBuilder, Server};
use http::HeaderMap;
use services::model::Usage;
use services::{Backend, Context, Error};
use tokio::net::TcpListener;

use super::{ReportMembers, failed};
use crate::caller::Caller;
use crate::workload::{Answer, Call, Workload};

/// Serves until the task is dropped.
///
/// # Errors
/// The listener's.
pub async fn serve(listener: TcpListener, backend: Arc<dyn Backend>) -> std::io::Result<()> {
    let handler = |method| {
        let backend = Arc::clone(&backend);
        Box::new(MethodHandler { method, backend })
    };
    let route = RouteBuilder::new()
        .add_method("add", handler(Method::Add))
        .add_method("uppercase", handler(Method::Uppercase))
        .add_method("calculate_metrics", handler(Method::CalculateMetrics))
        .build();
    let served = Server::from_route(route).serve_listener(listener).await;
    served.map_err(std::io::Error::other)
}

#[derive(Clone, Copy)]
enum Method {
    Add,
    Uppercase,
    CalculateMetrics,
}

struct MethodHandler {
    method: Method,
    backend: Arc<dyn Backend>,
}

#[async_trait]
impl Handler for MethodHandler {
    async fn handle(&self, params: &[Value], _: HeaderMap) -> HandlerResult {
        let context = &Context::new();
        match self.method {
            Method::Add => {
                let (a, b) = <(i32, i32)>::try_from_params(params)?;
                value(&self.backend.add(context, a, b).await)
            }
            Method::Uppercase => {
                let text = String::try_from_params(params)?;
                value(&self.backend.uppercase(context, &text).await)
            }
            Method::CalculateMetrics => {
                let (cpu_usage, memory_usage) = <(Vec<f64>, Vec<f64>)>::try_from_params(params)?;
                let usage = Usage {
                    cpu_usage,
                    memory_usage,
                };
                let report = self.backend.calculate_metrics(context, &usage).await;
                value(&report.map(ReportMembers::from))
            }
        }
    }
}

fn value<T: TryToValue>(result: &Result<T, Error>) -> HandlerResult {
    match result {
        Ok(result) => Ok(result.try_to_value()?),
        Err(error) => Err(Fault::new(-32603, error.to_string())),
    }
}

/// dxr's client; its reqwest keeps as many connections as there were calls in flight.
pub struct Client(dxr_client::Client);

impl Client {
    /// A client that connects with its first call.
    #[must_use]
    pub fn new(address: SocketAddr) -> Self {
        let url = format!("http://{address}/").parse();
        let url = url.expect("an address is made of digits, dots and colons");
        Self(dxr_client::ClientBuilder::new(url).build())
    }
}

#[async_trait]
impl Caller for Client {
    async fn call(&self, workload: &Workload) -> Result<Answer, Error> {
        let client = &self.0;
        match &workload.call {
            Call::Add(a, b) => client.call("add", (*a, *b)).await.map(Answer::Integer),
            Call::Uppercase(text) => {
                let text = client.call("uppercase", text.as_str()).await;
                text.map(Answer::Text)
            }
            Call::CalculateMetrics(usage) => {
                let params = (usage.cpu_usage.as_slice(), usage.memory_usage.as_slice());
                let report = client.call("calculate_metrics", params).await;
                report.map(|report: ReportMembers| Answer::Report(report.into()))
            }
        }
        .map_err(failed)
    }
}
