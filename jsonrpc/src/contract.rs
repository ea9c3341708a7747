//! The contract as JSON-RPC writes it: flat method names, parameters by position or by name, and
//! the trait of which jsonrpsee makes the methods. A server stream `X` is `subscribe_X`,
//! notifications `X` and `unsubscribe_X`; a client stream is `X.open`, `X.send` and `X.close`,
//! and `X.cancel` for one that is given up.

use std::sync::LazyLock;

use jsonrpsee::core::SubscriptionResult;
use jsonrpsee::proc_macros::rpc;
use jsonrpsee::types::ErrorObjectOwned;
use services::operation::{self, Field, Kind, Operation, Shape};

use crate::convert::{Health, Metric, MetricsSummary, SystemInfo, UsageReport};

/// Under this name the OpenRPC document is got.
pub const DISCOVER: &str = "rpc.discover";

/// A notification of the caller that gives a call up: the Language Server Protocol's convention.
/// Its parameter is `{"id": …}`, the call's id.
pub const CANCEL_REQUEST: &str = "$/cancelRequest";

/// What a method answers, or the error object.
pub type Answer<T> = Result<T, ErrorObjectOwned>;

/// The methods. Their parameters' names are the contract's; `with_extensions` gives each the
/// [`services::Context`] of its call.
#[rpc(server)]
pub trait Contract {
    /// See [`services::Calculator::add`].
    #[method(name = "add", with_extensions)]
    async fn add(&self, a: i32, b: i32) -> Answer<i32>;

    /// See [`services::Calculator::multiply`].
    #[method(name = "multiply", with_extensions)]
    async fn multiply(&self, a: i32, b: i32) -> Answer<i32>;

    /// See [`services::Calculator::uppercase`].
    #[method(name = "uppercase", with_extensions)]
    async fn uppercase(&self, text: String) -> Answer<String>;

    /// See [`services::Calculator::cube`].
    #[method(name = "cube", with_extensions)]
    async fn cube(&self, number: i32) -> Answer<i32>;

    /// See [`services::Greeter::say_hello`].
    #[method(name = "say_hello", with_extensions)]
    async fn say_hello(&self, pid: i32) -> Answer<String>;

    /// See [`services::Greeter::say_hello_again`].
    #[method(name = "say_hello_again", with_extensions)]
    async fn say_hello_again(&self, pid: i32) -> Answer<String>;

    /// See [`services::Metrics::calculate_metrics`].
    #[method(name = "calculate_metrics", with_extensions)]
    async fn calculate_metrics(
        &self,
        cpu_usage: Vec<f64>,
        memory_usage: Vec<f64>,
    ) -> Answer<UsageReport>;

    /// See [`services::Metrics::get_system_info`].
    #[method(name = "get_system_info", with_extensions)]
    async fn get_system_info(&self) -> Answer<SystemInfo>;

    /// See [`services::Metrics::get_metric`].
    #[method(name = "get_metric", with_extensions)]
    async fn get_metric(&self, hostname: String, metric_type: String) -> Answer<Metric>;

    /// See [`services::Metrics::stream_metrics`].
    #[subscription(
        name = "subscribe_stream_metrics" => "stream_metrics",
        unsubscribe = "unsubscribe_stream_metrics",
        item = crate::convert::StreamItem<Metric>,
        with_extensions
    )]
    async fn stream_metrics(&self, hostname: String, metric_type: String) -> SubscriptionResult;

    /// Opens an upload, see [`services::Metrics::record_metrics`]; answers its id.
    #[method(name = "record_metrics.open", with_extensions)]
    async fn record_metrics_open(&self) -> Answer<String>;

    /// Sends items. The first call has the sequence number 0, each further one the next; a
    /// repeated number is ignored. Answers true.
    #[method(name = "record_metrics.send", with_extensions)]
    async fn record_metrics_send(
        &self,
        id: String,
        // The code that the macro makes has a variable `seq` of its own.
        #[argument(rename = "seq")] sequence: i32,
        items: Vec<Metric>,
    ) -> Answer<bool>;

    /// Ends the upload; answers the summary.
    #[method(name = "record_metrics.close", with_extensions)]
    async fn record_metrics_close(&self, id: String) -> Answer<MetricsSummary>;

    /// Gives the upload up, so that it never counts as whole; answers true.
    #[method(name = "record_metrics.cancel", with_extensions)]
    async fn record_metrics_cancel(&self, id: String) -> Answer<bool>;

    /// See [`services::Metrics::check_health`].
    #[method(name = "check_health", with_extensions)]
    async fn check_health(&self, service: String) -> Answer<Health>;

    /// See [`services::Numbers::stream_numbers`].
    #[subscription(
        name = "subscribe_stream_numbers" => "stream_numbers",
        unsubscribe = "unsubscribe_stream_numbers",
        item = crate::convert::StreamItem<crate::convert::NumberItem>,
        with_extensions
    )]
    async fn stream_numbers(&self, start: i32, end: i32) -> SubscriptionResult;

    /// The OpenRPC document.
    #[method(name = "rpc.discover")]
    fn discover(&self) -> Answer<serde_json::Value>;
}

/// A method as data: what the strict check of parameters and the OpenRPC document are made of.
#[derive(Debug)]
pub struct Method {
    /// Its name.
    pub name: String,
    /// The operation that it is, or is a part of.
    pub operation: &'static Operation,
    /// Its parameters, in their order.
    pub parameters: &'static [Field],
    /// What it answers.
    pub result: Shape,
    /// What it does, in one sentence.
    pub summary: &'static str,
}

const ID: Field = Field {
    name: "id",
    shape: Shape::Text,
};
const SUBSCRIPTION: &[Field] = &[Field {
    name: "subscription",
    shape: Shape::Text,
}];
const SEQ: Field = Field {
    name: "seq",
    shape: Shape::Int32,
};
/// The items of the only client stream.
const ITEM: Shape = Shape::Record(operation::RECORD_METRICS.parameters);
const SEND: &[Field] = &[
    ID,
    SEQ,
    Field {
        name: "items",
        shape: Shape::List(&ITEM),
    },
];

/// Every method but `rpc.discover`, in the contract's order.
#[must_use]
pub fn methods() -> &'static [Method] {
    static METHODS: LazyLock<Vec<Method>> =
        LazyLock::new(|| operation::ALL.into_iter().flat_map(of_operation).collect());
    &METHODS
}

/// The parameters of the method of that name.
#[must_use]
pub fn parameters(name: &str) -> Option<&'static [Field]> {
    if name == DISCOVER {
        return Some(&[]);
    }
    let method = methods().iter().find(|method| method.name == name)?;
    Some(method.parameters)
}

fn of_operation(operation: &'static Operation) -> Vec<Method> {
    let name = operation.name;
    let method = |name: String, parameters, result, summary| Method {
        name,
        operation,
        parameters,
        result,
        summary,
    };
    match operation.kind {
        Kind::Unary => vec![method(
            name.into(),
            operation.parameters,
            operation.result,
            operation.summary,
        )],
        Kind::ServerStream => vec![
            method(
                subscribe(name),
                operation.parameters,
                Shape::Text,
                "Opens a stream, over WebSocket only; answers the subscription's id.",
            ),
            method(
                unsubscribe(name),
                SUBSCRIPTION,
                Shape::Boolean,
                "Ends a stream of the same connection; answers whether there was one.",
            ),
        ],
        Kind::ClientStream => vec![
            method(
                open(name),
                &[],
                Shape::Text,
                "Opens an upload; answers its id.",
            ),
            method(
                send(name),
                SEND,
                Shape::Boolean,
                "Sends items under the next sequence number, from 0; a repeated one is ignored.",
            ),
            method(close(name), &[ID], operation.result, operation.summary),
            method(
                cancel(name),
                &[ID],
                Shape::Boolean,
                "Gives the upload up, so that it never counts as whole.",
            ),
        ],
    }
}

/// The method that opens the server stream of that name.
#[must_use]
pub fn subscribe(name: &str) -> String {
    format!("subscribe_{name}")
}

/// The method that ends the server stream of that name.
#[must_use]
pub fn unsubscribe(name: &str) -> String {
    format!("unsubscribe_{name}")
}

/// The method that opens the client stream of that name.
#[must_use]
pub fn open(name: &str) -> String {
    format!("{name}.open")
}

/// The method that sends items of the client stream of that name.
#[must_use]
pub fn send(name: &str) -> String {
    format!("{name}.send")
}

/// The method that ends the client stream of that name.
#[must_use]
pub fn close(name: &str) -> String {
    format!("{name}.close")
}

/// The method that gives the client stream of that name up.
#[must_use]
pub fn cancel(name: &str) -> String {
    format!("{name}.cancel")
}
