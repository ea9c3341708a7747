//! What an answer says, beside what the sheet asks for.

use serde_json::Value;

use super::Protocol;
use super::send::Answer;
use crate::language::{Text, excerpt};

/// What an answer has to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said<'a> {
    /// A number.
    Number(i64),
    /// A text.
    Text(&'a str),
    /// An error of the service itself, with its code.
    Error(i64),
}

/// What is wrong with an answer to that body; empty where it says what it should.
pub(super) fn judge(
    protocol: Protocol,
    answer: &Answer,
    wanted: &Said<'_>,
    request: &[u8],
) -> Vec<Text> {
    if !answer.is_ok() {
        return vec![tell!(
            "This is HTTP's refusal: the request did not come as far as the call.",
            "Quem recusou foi o HTTP: a requisição nem chegou a ser uma chamada."
        )];
    }
    let text = String::from_utf8_lossy(&answer.body);
    match protocol {
        Protocol::XmlRpc => xml_rpc(&text, wanted),
        Protocol::JsonRpc => json_rpc(&text, wanted, request),
    }
}

fn xml_rpc(text: &str, wanted: &Said<'_>) -> Vec<Text> {
    if text.contains("<fault>") {
        return vec![tell!(
            "It is a fault, and HTTP's status is 200 all the same: read its faultString.",
            "É um fault, e mesmo assim o status HTTP é 200: leia o faultString."
        )];
    }
    let value = text.split("<value>").nth(1).unwrap_or_default();
    let value = value.split("</value>").next().unwrap_or_default();
    let value = value.split('>').nth(1).unwrap_or(value);
    let value = value.split('<').next().unwrap_or_default();
    let right = match wanted {
        Said::Number(number) => value.parse() == Ok(*number),
        Said::Text(text) => value == *text,
        Said::Error(_) => false,
    };
    match right {
        true => Vec::new(),
        false => vec![other(value)],
    }
}

fn json_rpc(text: &str, wanted: &Said<'_>, request: &[u8]) -> Vec<Text> {
    if text.is_empty() {
        return vec![tell!(
            "The answer is empty: the server took the request for a notification, which gets no reply. What does a call have that a notification has not?",
            "A resposta é vazia: o servidor tomou a requisição por uma notificação, que não tem resposta. O que uma chamada tem que uma notificação não tem?"
        )];
    }
    let Ok(reply) = serde_json::from_str::<Value>(text) else {
        return vec![tell!("The answer is no JSON.", "A resposta não é JSON.")];
    };
    let mut findings = json_rpc_id(&reply, request);
    let (result, code) = (&reply["result"], reply["error"]["code"].as_i64());
    match (wanted, code) {
        (Said::Error(wanted), Some(code)) if code == *wanted => {}
        (Said::Error(_), Some(code)) => findings.push(tell!(
            "Error {code} is about the request itself; the sheet asks for one that the service gives to a good request.",
            "O erro {code} é sobre a própria requisição; o enunciado pede um que o serviço dá a uma requisição correta."
        )),
        (Said::Error(_), None) => findings.push(tell!(
            "It is a result; the sheet asks for a call that has to fail.",
            "É um resultado; o enunciado pede uma chamada que tem que falhar."
        )),
        (_, Some(code)) => findings.push(tell!(
            "It is error {code}, and HTTP's status is 200 all the same: read its message.",
            "É o erro {code}, e mesmo assim o status HTTP é 200: leia a mensagem."
        )),
        (Said::Number(number), None) if result.as_i64() == Some(*number) => {}
        (Said::Text(text), None) if result.as_str() == Some(text) => {}
        _ => findings.push(other(&result.to_string())),
    }
    findings
}

/// The id that a request of JSON-RPC carries.
pub(super) fn id(request: &[u8]) -> Option<Value> {
    let sent = serde_json::from_slice::<Value>(request).ok()?;
    let id = sent.get("id")?;
    (!id.is_null()).then(|| id.clone())
}

/// A reply carries its request's id, or null where none could be read.
fn json_rpc_id(reply: &Value, request: &[u8]) -> Vec<Text> {
    let sent = id(request);
    match sent.is_some_and(|sent| sent == reply["id"]) {
        true => Vec::new(),
        false => vec![tell!(
            "The reply's id is {id}, so that nobody can tell whose reply it is: which id did the request carry?",
            "O id da resposta é {id}, e assim ninguém sabe de quem ela é: qual id a requisição levava?",
            id = excerpt(&reply["id"].to_string()),
        )],
    }
}

fn other(value: &str) -> Text {
    tell!(
        "The server gives {value}, an answer to another question: compare method and arguments with the sheet.",
        "O servidor devolve {value}, que responde a outra pergunta: compare método e argumentos com o enunciado.",
        value = excerpt(value),
    )
}
