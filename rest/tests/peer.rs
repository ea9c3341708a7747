//! Clients that we did not write: curl, with nothing but a URL and a body, and Python without any
//! library. The browser has a file of its own (`browser.rs`).

#[path = "../../peers/support.rs"]
mod peers;
mod support;

use std::process::Output;

use peers::Peer;
use serde_json::{Value, json};
use services::conformance::reference;
use support::Running;
use tokio::task::spawn_blocking;

/// Runs curl against a server of ours; gives what it printed, the status in the last line.
async fn curl(target: &str, arguments: &[&str]) -> Option<(u16, String)> {
    let output = ran(target, arguments).await?;
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("answers are UTF-8");
    let (body, status) = text.rsplit_once('\n').expect("the status is written");
    Some((status.parse().expect("a number"), body.to_owned()))
}

/// What a curl printed that ended before its answer.
async fn cut(target: &str, arguments: &[&str]) -> Option<String> {
    let output = ran(target, arguments).await?;
    assert_eq!(
        output.status.code(),
        Some(28),
        "its time is over: {output:?}"
    );
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

async fn ran(target: &str, arguments: &[&str]) -> Option<Output> {
    let curl = Peer::tool("curl")?;
    let server = Running::new(reference()).await;
    let url = format!("{}{target}", server.url());
    let mut all = vec!["--silent", "--show-error", "--write-out", "\n%{http_code}"];
    all.extend(arguments);
    let all: Vec<String> = all
        .into_iter()
        .chain([url.as_str()])
        .map(Into::into)
        .collect();
    let ran = spawn_blocking(move || {
        let arguments: Vec<&str> = all.iter().map(String::as_str).collect();
        curl.run(&arguments)
    });
    Some(ran.await.expect("curl runs to its end"))
}

fn value(body: &str) -> Value {
    serde_json::from_str(body).expect("the answer is JSON")
}

#[tokio::test]
async fn curl_calls_unary_operations() {
    let call = ["--json", r#"{"a":5,"b":3}"#];
    let Some((status, body)) = curl("/api/calculator/add", &call).await else {
        return;
    };
    assert_eq!((status, value(&body)), (200, json!({"result": 8})));
    let samples = r#"{"cpu_usage":[45,67,89,34,56],"memory_usage":[2.1,2.3,2.5,2.2,2.4]}"#;
    let (_, body) = curl("/api/metrics/calculate", &["--json", samples])
        .await
        .unwrap();
    assert_eq!(value(&body)["avg_cpu"], 58.2);
    let (_, body) = curl("/api/health/a%C3%A7%C3%A3o", &[]).await.unwrap();
    assert_eq!(value(&body)["message"], "Service ação is running");
    let query = ["--get", "--data-urlencode", "hostname=höst a+b"];
    let (_, body) = curl("/api/metrics/disk", &query).await.unwrap();
    assert_eq!(value(&body)["hostname"], "höst a+b");
    let (_, body) = curl("/openapi.json", &[]).await.unwrap();
    assert_eq!(value(&body)["openapi"], "3.2.0");
}

#[tokio::test]
async fn curl_sees_errors_as_problems() {
    let call = ["--json", r#"{"number":2000}"#];
    let Some((status, body)) = curl("/api/calculator/cube", &call).await else {
        return;
    };
    assert_eq!((status, &value(&body)["code"]), (422, &json!("OutOfRange")));
    let (status, body) = curl("/api/numbers?start=5&end=1", &[]).await.unwrap();
    assert_eq!(
        (status, &value(&body)["code"]),
        (400, &json!("InvalidArgument"))
    );
    // Without --json curl says that a body is a form.
    let (status, _) = curl("/api/calculator/add", &["--data", "{}"])
        .await
        .unwrap();
    assert_eq!(status, 415);
    let alien = ["--header", "host: evil.example"];
    let (status, _) = curl("/api/system", &alien).await.unwrap();
    assert_eq!(status, 403);
}

#[tokio::test]
async fn curl_streams_both_ways() {
    let Some((status, body)) = curl("/api/numbers?start=1&end=3", &["--no-buffer"]).await else {
        return;
    };
    assert_eq!(status, 200);
    assert_eq!(body.matches("event: item\n").count(), 3);
    assert!(body.trim_end().ends_with("event: end\ndata: {}"), "{body}");
    let resumed = ["--header", "last-event-id: 2"];
    let (_, body) = curl("/api/numbers?start=1&end=3", &resumed).await.unwrap();
    assert!(body.starts_with("id: 3\n"), "{body}");
    let line = |value| {
        let metric = json!({"hostname": "a", "metric_type": "cpu", "value": value,
            "timestamp": 1, "unit": "percent"});
        format!("{metric}\n")
    };
    let lines = line(1.0) + &line(4.0);
    let upload = [
        "--header",
        "content-type: application/x-ndjson",
        "--header",
        "transfer-encoding: chunked",
        "--data-binary",
        &lines,
    ];
    let (_, body) = curl("/api/metrics/record", &upload).await.unwrap();
    assert_eq!(
        value(&body),
        json!({"count": 2, "min": 1.0, "max": 4.0, "mean": 2.5})
    );
}

#[tokio::test]
async fn curl_keeps_users_sends_a_file_and_says_a_line() {
    let ana = [
        "--json",
        r#"{"nome":"Ana","email":"ana@example.org","senha":"x"}"#,
    ];
    let Some((status, body)) = curl("/usuarios", &ana).await else {
        return;
    };
    assert_eq!(
        (status, &value(&body)["usuario"]["nome"]),
        (201, &json!("Ana"))
    );
    // Its own type for a body would make a form of the file.
    let form = ["--data-binary", "abc"];
    assert_eq!(curl("/api/files", &form).await.unwrap().0, 415);
    let file = [
        "--data-binary",
        "abc",
        "--header",
        "content-type: text/plain",
    ];
    let (status, body) = curl("/api/files", &file).await.unwrap();
    assert_eq!((status, &value(&body)["size_bytes"]), (200, &json!(3)));
    let line = ["--json", r#"{"user":"Ana","text":"olá"}"#];
    let (status, body) = curl("/api/chat", &line).await.unwrap();
    assert_eq!((status, &value(&body)["sequence"]), (201, &json!(1)));
    // It hears until it has had enough.
    let enough = ["--no-buffer", "--max-time", "1"];
    let heard = cut("/api/chat?user=Ana", &enough).await.unwrap();
    assert!(heard.starts_with("retry: 1000\n"), "{heard}");
}

#[tokio::test]
async fn python_keeps_users_sends_a_file_and_chats_without_any_library() {
    let Some(python) = Peer::python("rest_client.py") else {
        return;
    };
    let server = Running::new(reference()).await;
    let url = server.url();
    let calls = spawn_blocking(move || python.calls(&url)).await;
    let calls = calls.expect("Python runs to its end");
    let told = |call| {
        let line = peers::line(&calls, call);
        (line["status"].as_u64(), line["code"].as_str())
    };
    for (call, status, code) in [
        ("create Ana", 201, None),
        ("create Ana again", 409, Some("AlreadyExists")),
        ("get Ana", 200, None),
        ("get Ana, known", 304, None),
        ("rename Ana", 200, None),
        ("rename Ana, stale", 412, Some("InvalidArgument")),
        ("delete Ana", 200, None),
        ("get Ana, gone", 404, Some("NotFound")),
        ("criar Rui", 201, None),
        ("say olá", 201, None),
    ] {
        assert_eq!(told(call), (Some(status), code), "{call}");
    }
    let result = |call| &peers::line(&calls, call)["result"];
    assert_eq!(result("list")["users"][0]["name"], "Ana Maria");
    let rui = json!({"id": "r-1", "nome": "Rui", "email": "rui@example.org"});
    assert_eq!(*result("obter"), json!({"usuarios": [rui]}));
    assert_eq!(result("upload")["size_bytes"], 2_000_000);
    assert_eq!(*result("hash"), true);
    assert_eq!(*result("hear"), json!(["1 Ana: olá", "2 Ana: tchau"]));
}
