//! Clients and servers in other languages, both ways.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "../../peers/support.rs"]
mod peers;
mod serving;

use std::sync::Arc;
use std::time::Duration;

use futures::TryStreamExt;
use peers::{Peer, line};
use serde_json::{Value, json};
use services::conformance::reference;
use services::model::{Metric, MetricRequest, NumberRange};
use services::{Calculator, ClientOptions, Code, Context, Greeter, Metrics, Numbers, ServeOptions};
use serving::Running;
use tokio::task::spawn_blocking;

async fn reference_server() -> Running {
    Running::start(reference(), ServeOptions::default()).await
}

/// Every call of a client of theirs against a server of ours.
async fn calls(client: Peer) -> Vec<Value> {
    let server = reference_server().await;
    let address = server.address.to_string();
    spawn_blocking(move || client.calls(&address))
        .await
        .unwrap()
}

/// What every client of theirs has to see.
fn assert_contract(lines: &[Value]) {
    for (call, result) in [
        ("Add(5, 3)", json!({"result": 8})),
        ("Multiply(4, 7)", json!({"result": 28})),
        ("Uppercase(\"straße\")", json!({"result": "STRASSE"})),
        ("CalculateCube(5)", json!({"result": 125})),
        ("say_hello(42)", json!({"retval": "Hello, 42!"})),
        ("say_hello_again(42)", json!({"retval": "Hello again, 42!"})),
        (
            "CheckHealth(\"api\")",
            json!({"healthy": true, "message": "Service api is running"}),
        ),
        (
            "GetSystemInfo()",
            json!({"server": "MetricsServer", "version": "1.0", "status": "running"}),
        ),
    ] {
        assert_eq!(line(lines, call)["result"], result, "{call}");
    }
    for (call, code) in [
        ("Add(2147483647, 1)", "OUT_OF_RANGE"),
        ("CalculateCube(2000)", "OUT_OF_RANGE"),
        ("Divide()", "UNIMPLEMENTED"),
        ("StreamNumbers(5, 1)", "INVALID_ARGUMENT"),
        ("StreamNumbers(0, 1001)", "INVALID_ARGUMENT"),
        ("GetMetric(\"h\", \"network\")", "INVALID_ARGUMENT"),
        ("CalculateMetrics([], [2.1])", "INVALID_ARGUMENT"),
        (
            "RecordMetrics([10, a pause]) within 0.2 s",
            "DEADLINE_EXCEEDED",
        ),
    ] {
        let error = &line(lines, call)["error"];
        assert_eq!(error["code"], code, "{call}: {error}");
        assert_ne!(error["message"], "", "{call}");
    }
    assert_metrics(lines);
}

fn assert_metrics(lines: &[Value]) {
    let result = |call| &line(lines, call)["result"];
    let numbers = result("StreamNumbers(1, 5)").as_array().unwrap();
    let numbers: Vec<_> = numbers.iter().map(|item| &item["number"]).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
    for (call, metric_type, value, unit) in [
        ("GetMetric(\"h\", \"cpu\")", "cpu", 42.5, "percent"),
        ("GetMetric(\"h\", \"memory\")", "memory", 7.3, "GB"),
        ("GetMetric(\"h\", \"\")", "memory", 7.3, "GB"),
        ("GetMetric(\"h\", \"disk\")", "disk", 121.012_345_678, "GB"),
    ] {
        let expected = json!({
            "hostname": "h", "metric_type": metric_type, "value": value,
            "timestamp": "1763703000", "unit": unit,
        });
        assert_eq!(*result(call), expected, "{call}");
    }
    assert_eq!(
        result("StreamMetrics(\"h\", \"cpu\")")
            .as_array()
            .unwrap()
            .len(),
        10
    );
    let report = result("CalculateMetrics([45, 67, 89], [2.1, 2.3])");
    assert_eq!(report["avg_cpu"].as_f64(), Some(67.0));
    assert_eq!(report["alert"], true);
    let summary = result("RecordMetrics([10, 20, 60])");
    assert_eq!(summary["count"], 3);
    let values = ["min", "max", "mean"].map(|name| summary[name].as_f64().unwrap());
    assert_eq!(values, [10.0, 60.0, 30.0]);
}

#[tokio::test]
async fn grpcio_calls_every_operation() {
    let Some(client) = Peer::python("grpc_client.py") else {
        return;
    };
    let lines = calls(client).await;
    assert_contract(&lines);
    assert_eq!(
        line(&lines, "Add(20, 22) as a future")["result"],
        json!({"result": 42})
    );
    for service in ["", "calculator.Calculator"] {
        let health = line(&lines, &format!("Health.Check(\"{service}\")"));
        assert_eq!(health["result"], json!({"status": "SERVING"}));
    }
    let unknown = line(&lines, "Health.Check(\"no.such.Service\")");
    assert_eq!(unknown["error"]["code"], "NOT_FOUND");
}

#[tokio::test]
async fn grpc_js_calls_every_operation() {
    let Some(client) = Peer::node("grpc_client.js") else {
        return;
    };
    assert_contract(&calls(client).await);
}

/// The standard output of grpcurl with those arguments against a server of ours.
async fn grpcurl(arguments: &[&str], method: &[&str]) -> Option<String> {
    let tool = Peer::tool("grpcurl")?;
    let server = reference_server().await;
    let address = server.address.to_string();
    let arguments: Vec<_> = [&["-plaintext"], arguments].concat();
    let arguments: Vec<String> = arguments
        .into_iter()
        .chain([address.as_str()])
        .chain(method.iter().copied())
        .map(str::to_owned)
        .collect();
    let run = move || tool.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let output = spawn_blocking(run).await.unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    Some(String::from_utf8(output.stdout).unwrap())
}

#[tokio::test]
async fn grpcurl_lists_describes_and_calls_by_reflection() {
    let Some(list) = grpcurl(&[], &["list"]).await else {
        return;
    };
    for service in [
        "calculator.Calculator",
        "grpc.health.v1.Health",
        "hello.DoStuff",
        "monitoring.MonitoringService",
        "streaming.StreamService",
        "users.UserService",
        "usuarios.Usuarios",
        "files.FileService",
        "chat.ChatService",
    ] {
        assert!(list.lines().any(|known| known == service), "{list}");
    }
    let described = grpcurl(&[], &["describe", "monitoring.MetricResponse"])
        .await
        .unwrap();
    assert!(described.contains("double value = 3;"), "{described}");
    let metric = ["-d", r#"{"hostname": "h"}"#];
    let called = grpcurl(&metric, &["monitoring.MonitoringService/GetMetric"])
        .await
        .unwrap();
    let called: Value = serde_json::from_str(&called).unwrap();
    assert_eq!(
        (&called["metricType"], &called["unit"]),
        (&json!("memory"), &json!("GB"))
    );
}

/// What our client gets of a course's server: a cube, greetings, numbers and metrics, and for the
/// rest that there is none.
async fn assert_course(client: &grpc::Client) {
    let context = Context::new();
    assert_eq!(client.cube(&context, 5).await, Ok(125));
    assert_eq!(client.say_hello(&context, 42).await.unwrap(), "Hello, 42!");
    assert_eq!(
        client.say_hello_again(&context, 42).await.unwrap(),
        "Hello again, 42!"
    );
    let range = NumberRange { start: 1, end: 10 };
    let numbers = client.stream_numbers(&context, range).await.unwrap();
    let numbers: Vec<_> = numbers.try_collect().await.unwrap();
    assert_eq!(numbers.last().unwrap().message, "The square of 10 is 100");
    let request = MetricRequest {
        hostname: "h".into(),
        metric_type: "disk".into(),
    };
    let metric = client.get_metric(&context, &request).await.unwrap();
    assert_eq!(
        (metric.hostname.as_str(), metric.unit.as_str()),
        ("h", "GB")
    );
    let metrics = client.stream_metrics(&context, &request).await.unwrap();
    assert_eq!(metrics.try_collect::<Vec<_>>().await.unwrap().len(), 10);
    assert!(client.check_health(&context, "api").await.unwrap().healthy);

    assert_eq!(
        client.add(&context, 2, 3).await.unwrap_err().code(),
        Code::Unimplemented
    );
    let metrics: Vec<Result<Metric, _>> = vec![Ok(Metric::default())];
    let metrics = Box::pin(futures::stream::iter(metrics));
    let recorded = client.record_metrics(&context, metrics).await;
    assert_eq!(recorded.unwrap_err().code(), Code::Unimplemented);
}

/// The error of a stream, whether it comes before the first item or instead of it.
async fn refused_range(client: &grpc::Client) -> Code {
    let range = NumberRange { start: 5, end: 1 };
    let numbers = async {
        let numbers = client.stream_numbers(&Context::new(), range).await?;
        numbers.try_collect::<Vec<_>>().await
    };
    numbers.await.unwrap_err().code()
}

async fn client_of(server: &peers::Server) -> Arc<grpc::Client> {
    let url = format!("grpc://{}", server.address);
    let client = grpc::Client::connect(&url, ClientOptions::default()).await;
    Arc::new(client.unwrap())
}

/// A deadline that passes in the middle of a stream whose server takes its time.
async fn assert_deadline(client: &grpc::Client) {
    let mut context = Context::with_timeout(Duration::from_millis(500));
    context.scope = services::DeadlineScope::Whole;
    let range = NumberRange {
        start: 1,
        end: 1_000,
    };
    let numbers = client.stream_numbers(&context, range).await.unwrap();
    let error = numbers.try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!(error.code(), Code::DeadlineExceeded, "{error}");
}

#[tokio::test]
async fn a_course_server_in_python_is_called() {
    let Some(peer) = Peer::python("grpc_server.py") else {
        return;
    };
    let server = spawn_blocking(move || peer.serve(&["0.05"])).await.unwrap();
    let client = client_of(&server).await;
    assert_course(&client).await;
    assert_eq!(refused_range(&client).await, Code::InvalidArgument);
    assert_deadline(&client).await;
    // An exception that nobody caught is UNKNOWN there.
    let error = client.cube(&Context::new(), 2_000).await.unwrap_err();
    assert_eq!(error.code(), Code::Internal);
    assert!(error.to_string().contains("UNKNOWN"), "{error}");
}

#[tokio::test]
async fn a_course_server_in_node_is_called() {
    let Some(peer) = Peer::node("grpc_server.js") else {
        return;
    };
    let server = spawn_blocking(move || peer.serve(&["0.05"])).await.unwrap();
    let client = client_of(&server).await;
    assert_course(&client).await;
    assert_eq!(refused_range(&client).await, Code::InvalidArgument);
    assert_deadline(&client).await;
}

/// The courses' chat, users and uploads.
mod courses;
