//! The program against a server that answers in every way that a network allows.

use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};

use super::command::Program;
use super::http::Request;
use super::scripted::{Answer, Reply, Scripted};
use super::{once, real, upload};
use crate::language::Text;
use crate::program::Ran;
use crate::report::Part;

/// A way to answer, and what a client should make of it.
struct Case {
    name: fn() -> Text,
    answer: Answer,
    words: &'static [&'static str],
    judge: fn(&Seen) -> Vec<Text>,
}

/// What the program did, and what the server saw of it.
pub(super) struct Seen {
    pub(super) ran: Ran,
    pub(super) requests: Vec<Request>,
    /// From the first request to the program's end.
    pub(super) took: Option<Duration>,
}

/// What `add` is said to be: nothing that a program could have computed by itself.
const SUM: i64 = 4_711;
const ADD: &[&str] = &["add", "5", "3"];
const RECORD: &[&str] = &["record_metrics", "1.5", "2.5", "4.25"];

const CASES: [Case; 9] = [
    Case {
        name: || tell!("The request", "A requisição"),
        answer: |request, _| Reply::Whole(answer(request)),
        words: ADD,
        judge: |seen| {
            let mut findings = asked(&seen.requests);
            findings.extend(real::result(&seen.ran, &json!(SUM)));
            findings
        },
    },
    Case {
        name: || tell!("The calls of a stream", "As chamadas de um stream"),
        answer: upload::reply,
        words: RECORD,
        judge: |seen| {
            let mut findings = upload::findings(&seen.requests);
            findings.extend(real::result(&seen.ran, &upload::summary()));
            findings
        },
    },
    Case {
        name: || tell!("An error with status 200", "Um erro com status 200"),
        answer: |request, _| {
            let error = json!({"code": -32005, "message": "the house is full"});
            Reply::Whole(json!({"jsonrpc": "2.0", "id": request["id"], "error": error}))
        },
        words: ADD,
        judge: |seen| once::failed(seen, &["-32005", "the house is full"]),
    },
    Case {
        name: || {
            tell!(
                "A page instead of a document",
                "Uma página em vez de um documento"
            )
        },
        answer: |_, _| Reply::Page,
        words: ADD,
        judge: |seen| once::failed(seen, &["502"]),
    },
    Case {
        name: || tell!("A reply in pieces", "Uma resposta em pedaços"),
        answer: |request, _| Reply::Pieces(answer(request)),
        words: ADD,
        judge: |seen| real::result(&seen.ran, &json!(SUM)),
    },
    Case {
        name: || tell!("A reply to somebody else", "Uma resposta para outra pessoa"),
        answer: |_, _| Reply::Whole(json!({"jsonrpc": "2.0", "id": "not-yours", "result": SUM})),
        words: ADD,
        judge: |seen| once::failed(seen, &[]),
    },
    Case {
        name: || tell!("A reply that breaks off", "Uma resposta que se interrompe"),
        answer: |request, _| Reply::Half(answer(request)),
        words: ADD,
        judge: |seen| once::failed(seen, &[]),
    },
    Case {
        name: || tell!("No reply at all", "Nenhuma resposta"),
        answer: |_, _| Reply::Silence,
        words: ADD,
        judge: once::gave_up,
    },
    Case {
        name: || tell!("A reply that never ends", "Uma resposta que nunca acaba"),
        answer: |_, _| Reply::Drops,
        words: ADD,
        judge: once::gave_up,
    },
];

/// How many of the cases are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tried {
    All,
    /// The first: it looks at what the client sends.
    TheRequest,
    None,
}

pub(super) fn parts(program: &Program, tried: Tried) -> Result<Vec<Part>> {
    let count = match tried {
        Tried::All => CASES.len(),
        Tried::TheRequest => 1,
        Tried::None => 0,
    };
    let parts = CASES[..count].iter().map(|case| case.part(program));
    let mut parts = parts.collect::<Result<Vec<_>>>()?;
    parts.extend(waiting(count));
    Ok(parts)
}

/// All of them but so many, not tried.
pub(super) fn waiting(tried: usize) -> Vec<Part> {
    let reason = || {
        tell!(
            "Tried once a call to the real server works.",
            "Será tentado quando uma chamada ao servidor de verdade funcionar."
        )
    };
    let cases = CASES[tried..].iter();
    cases
        .map(|case| Part::waits((case.name)(), reason()))
        .collect()
}

impl Case {
    fn part(&self, program: &Program) -> Result<Part> {
        let server = Scripted::start(self.answer)?;
        let ran = program.call(&server.address(), self.words)?;
        let seen = Seen {
            ran,
            took: server.asked_ago(),
            requests: server.requests(),
        };
        Ok(Part::judged((self.name)(), (self.judge)(&seen)))
    }
}

fn answer(request: &Value) -> Value {
    json!({"jsonrpc": "2.0", "id": request["id"], "result": SUM})
}

/// What is wrong with the one request of a call.
fn asked(requests: &[Request]) -> Vec<Text> {
    let [request] = requests else {
        return once::finding(requests).into_iter().collect();
    };
    let mut findings = Vec::new();
    if request.method != "POST" {
        findings.push(tell!("The method is not POST.", "O método não é POST."));
    }
    if !request
        .field("content-type")
        .is_some_and(|kind| kind.starts_with("application/json"))
    {
        findings.push(tell!(
            "Content-Type does not say that the body is JSON.",
            "Content-Type não diz que o corpo é JSON."
        ));
    }
    let document = request.document();
    if !document.is_object() {
        findings.push(tell!(
            "The body is not an object of JSON.",
            "O corpo não é um objeto JSON."
        ));
        return findings;
    }
    findings.extend(members(&document));
    findings
}

fn members(document: &Value) -> Vec<Text> {
    let mut findings = Vec::new();
    if document["jsonrpc"] != "2.0" {
        findings.push(tell!(
            "The member jsonrpc has to be the text 2.0: the specification, section 4.",
            "O membro jsonrpc tem que ser o texto 2.0: a especificação, seção 4."
        ));
    }
    if document["method"] != "add" {
        findings.push(tell!(
            "The member method does not name add.",
            "O membro method não diz add."
        ));
    }
    if !(document["id"].is_number() || document["id"].is_string()) {
        findings.push(tell!(
            "There is no id: a request without one is a notification, and gets no answer.",
            "Não há id: uma requisição sem ele é uma notificação, e não tem resposta."
        ));
    }
    let by_name = json!({"a": 5, "b": 3});
    if document["params"] != json!([5, 3]) && document["params"] != by_name {
        findings.push(tell!(
            "The member params does not hold the two arguments as numbers, in a list or by name.",
            "O membro params não tem os dois argumentos como números, em lista ou por nome."
        ));
    }
    findings
}
