//! What is watched: each server's metrics, and the dashboard's queries put to a real Prometheus.

use std::fs;
use std::process::Command;
use std::time::Duration;

use futures::StreamExt;
use serde_json::Value;
use services::model::NumberRange;
use services::{Backend, Context};

use crate::compose::folder;
use crate::peers::Peer;
use crate::stack::{Stack, until};
use crate::{GRPC, TOOLS, connected, within};

/// The port of the containers' metrics.
const METRICS: u16 = 9464;
/// The port of Prometheus' container.
const PROMETHEUS: u16 = 9090;

fn get(url: &str, query: &[&str]) -> Option<String> {
    let curl = Peer::tool("curl")?;
    let output = curl.run(&[&["--silent", "--fail", "--get", url], query].concat());
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    output.status.success().then_some(text)
}

/// How many calls of that operation a server has ended, however they ended.
pub(crate) fn calls(stack: &Stack, server: &str, operation: &str) -> f64 {
    let port = stack.compose.port(server, METRICS);
    let text = get(&format!("http://127.0.0.1:{port}/metrics"), &[]).expect("metrics");
    let asked = format!("operation=\"{operation}\"");
    text.lines()
        .filter(|line| line.starts_with("trivium_requests_total{") && line.contains(&asked))
        .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
        .sum()
}

#[test]
fn every_panel_of_the_dashboard_has_something_to_show() {
    let tools = ["curl", "prometheus"];
    let Some(mut stack) = Stack::new(&[&TOOLS[..], &tools].concat()) else {
        return;
    };
    stack.start("grpc-1");
    stack.start("grpc-2");
    let api = prometheus(&mut stack);
    let queries = queries();
    assert!(queries.len() >= 10);
    within(async {
        let one = connected("grpc", &stack, "grpc-1", GRPC).await;
        let other = connected("grpc", &stack, "grpc-2", GRPC).await;
        // A rate needs two looks with calls between them.
        let mut unanswered = queries;
        while !unanswered.is_empty() {
            some_of_each(&*one).await;
            some_of_each(&*other).await;
            unanswered.retain(|query| !has_numbers(&api, query));
            if let Some(query) = unanswered.first() {
                eprintln!("nothing yet: {query}");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    });
    let servers = api_value(&api, "sum(up{job=\"trivium\"})");
    assert_eq!(servers["data"]["result"][0]["value"][1], "2");
}

/// A call that is answered, one that is refused, a stream.
async fn some_of_each(client: &dyn Backend) {
    let context = Context::new();
    assert_eq!(client.add(&context, 5, 3).await, Ok(8));
    assert!(client.add(&context, i32::MAX, 1).await.is_err());
    let range = NumberRange { start: 1, end: 3 };
    let numbers = client.stream_numbers(&context, range).await;
    assert_eq!(numbers.expect("a stream").count().await, 3);
}

/// Starts Prometheus with this folder's file, which looks ten times as often here; gives its API.
fn prometheus(stack: &mut Stack) -> String {
    let place = stack.folder.path().to_owned();
    let file = folder("deploy/prometheus.yml");
    let text = stack.compose.file("prometheus", &file);
    let text = text.replace("_interval: 2s", "_interval: 200ms");
    fs::write(place.join("prometheus.yml"), text).expect("the temporary folder can be written");
    let rules = "prometheus.rules.yml";
    fs::copy(folder("deploy").join(rules), place.join(rules)).expect("the rules");
    let words = [
        "prometheus",
        "--config.file=prometheus.yml",
        "--storage.tsdb.path=data",
        "--web.listen-address=0.0.0.0:9090",
    ];
    stack.spawn("prometheus", &words.map(str::to_owned));
    let port = stack.compose.port("prometheus", PROMETHEUS);
    let address = format!("http://127.0.0.1:{port}");
    until("Prometheus", || {
        get(&format!("{address}/-/ready"), &[]).is_some()
    });
    format!("{address}/api/v1/query")
}

/// Every query of the dashboard, its variables filled in.
fn queries() -> Vec<String> {
    let dashboard = folder("deploy/grafana/dashboards/trivium.json");
    let mut reader = Command::new(folder("deploy/grafana/queries"));
    let output = reader.arg(dashboard).output().expect("Python runs it");
    assert!(output.status.success(), "{output:?}");
    let rules: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let rules = rules["groups"][0]["rules"].as_array().expect("rules");
    let query = |rule: &Value| rule["expr"].as_str().expect("a query").to_owned();
    rules.iter().map(query).collect()
}

fn api_value(api: &str, query: &str) -> Value {
    let query = format!("query={query}");
    let text = get(api, &["--data-urlencode", &query]).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

fn has_numbers(api: &str, query: &str) -> bool {
    let results = api_value(api, query);
    let results = results["data"]["result"].as_array().into_iter().flatten();
    // Nothing divided by nothing is NaN, which a panel cannot draw.
    results.clone().count() > 0 && results.clone().all(|result| result["value"][1] != "NaN")
}
