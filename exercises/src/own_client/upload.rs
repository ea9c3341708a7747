//! A stream over JSON-RPC: one call opens it, others carry its items in numbered batches, one closes
//! it. What the client sent is looked at call by call.

use serde_json::{Value, json};

use super::http::Request;
use super::scripted::Reply;
use crate::language::{Text, excerpt};

/// An id that nobody guesses.
const UPLOAD: &str = "upload-58c1";
/// What the stream is said to have come to: nothing that the values below could give.
pub(super) fn summary() -> Value {
    json!({"count": 7, "min": -3.5, "max": 12.25, "mean": 0.125})
}

/// The values that the client is to send.
pub(super) const VALUES: [&str; 3] = ["1.5", "2.5", "4.25"];

/// Answers each of the stream's calls.
pub(super) fn reply(request: &Value, _: usize) -> Reply {
    let result = match request["method"].as_str() {
        Some("record_metrics.open") => json!(UPLOAD),
        Some("record_metrics.send") => json!(true),
        Some("record_metrics.close") => summary(),
        _ => {
            let error = json!({"code": -32601, "message": "there is no such method here"});
            return Reply::Whole(json!({"jsonrpc": "2.0", "id": request["id"], "error": error}));
        }
    };
    Reply::Whole(json!({"jsonrpc": "2.0", "id": request["id"], "result": result}))
}

/// What is wrong with the calls that a client made for one stream.
pub(super) fn findings(requests: &[Request]) -> Vec<Text> {
    let calls: Vec<Value> = requests.iter().map(Request::document).collect();
    let methods: Vec<&str> = calls
        .iter()
        .filter_map(|call| call["method"].as_str())
        .collect();
    let mut findings = Vec::new();
    let middle = methods.len().saturating_sub(2);
    let in_order = methods.first() == Some(&"record_metrics.open")
        && methods.last() == Some(&"record_metrics.close")
        && middle > 0
        && methods
            .iter()
            .skip(1)
            .take(middle)
            .all(|method| *method == "record_metrics.send");
    if !in_order {
        let shown = excerpt(&methods.join(", "));
        findings.push(tell!(
            "The server was called with: {shown}. A stream is opened once, sent to, and closed once, in this order.",
            "O servidor recebeu: {shown}. Um stream é aberto uma vez, recebe itens e é fechado uma vez, nessa ordem."
        ));
        return findings;
    }
    findings.extend(named(&calls[1..]));
    findings.extend(numbered(&calls[1..=middle]));
    findings.extend(carried(&calls[1..=middle]));
    findings
}

fn parameter(call: &Value, place: usize, name: &str) -> Value {
    match &call["params"] {
        Value::Array(values) => values.get(place).cloned().unwrap_or_default(),
        values => values[name].clone(),
    }
}

fn named(calls: &[Value]) -> Option<Text> {
    let wrong = calls
        .iter()
        .find(|call| parameter(call, 0, "id") != json!(UPLOAD))?;
    let method = excerpt(wrong["method"].as_str().unwrap_or_default());
    Some(tell!(
        "{method} does not carry the id that the server gave when the stream was opened.",
        "{method} não leva o id que o servidor deu ao abrir o stream."
    ))
}

fn numbered(sends: &[Value]) -> Option<Text> {
    let right = (0_u64..)
        .zip(sends)
        .all(|(number, send)| parameter(send, 1, "seq") == json!(number));
    (!right).then(|| {
        tell!(
            "The batches are not numbered 0, 1, 2 and so on: a server could not tell a batch that comes twice from a new one.",
            "Os lotes não são numerados 0, 1, 2 e assim por diante: o servidor não distingue um lote repetido de um novo."
        )
    })
}

/// All values, in order, however they are cut into batches.
fn carried(sends: &[Value]) -> Option<Text> {
    let items = sends
        .iter()
        .flat_map(|send| match parameter(send, 2, "items") {
            Value::Array(items) => items,
            _ => Vec::new(),
        });
    let values: Vec<Option<f64>> = items.map(|item| item["value"].as_f64()).collect();
    let wanted = VALUES.map(|value| value.parse::<f64>().ok());
    (values != wanted).then(|| {
        let shown = excerpt(&format!("{:?}", values.iter().flatten().collect::<Vec<_>>()));
        tell!(
            "The items of the batches carry the values {shown}, which are not the program's arguments in their order.",
            "Os itens dos lotes levam os valores {shown}, que não são os argumentos do programa na ordem."
        )
    })
}
