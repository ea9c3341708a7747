//! Exercise 1: requests over HTTP/1.1 written by hand. The very bytes of each file are sent to a
//! server; what it says is told, and what is wrong with the bytes beside it.

mod answer;
mod called;
mod line;
mod request;
mod send;

use anyhow::Result;

use crate::exercise::Place;
use crate::language::{Text, excerpt};
use crate::report::{Part, Report};
use crate::servers::Servers;
use crate::signals;
use answer::Said;
use called::Called;
use request::Request;
use send::Heard;

/// One file that the student writes.
struct Task {
    file: &'static str,
    protocol: Protocol,
    /// The calls that it holds, one behind the other.
    calls: &'static [Call],
}

/// One call that the sheet asks for.
struct Call {
    method: &'static str,
    arguments: &'static [&'static str],
    /// What the answer has to say.
    answer: Said<'static>,
}

/// What a file's requests are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protocol {
    XmlRpc,
    JsonRpc,
}

impl Protocol {
    fn scheme(self) -> &'static str {
        match self {
            Self::XmlRpc => "xmlrpc",
            Self::JsonRpc => "jsonrpc",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::XmlRpc => "XML-RPC",
            Self::JsonRpc => "JSON-RPC",
        }
    }
}

/// `add` with 1998 and 27.
const ADD: Call = Call {
    method: "add",
    arguments: &["1998", "27"],
    answer: Said::Number(2025),
};

/// What the sheet asks for.
const TASKS: [Task; 5] = [
    Task {
        file: "1-xmlrpc-add.http",
        protocol: Protocol::XmlRpc,
        calls: &[ADD],
    },
    Task {
        file: "2-jsonrpc-add.http",
        protocol: Protocol::JsonRpc,
        calls: &[ADD],
    },
    Task {
        file: "3-xmlrpc-uppercase.http",
        protocol: Protocol::XmlRpc,
        calls: &[Call {
            method: "uppercase",
            arguments: &["pão de queijo é bom"],
            answer: Said::Text("PÃO DE QUEIJO É BOM"),
        }],
    },
    Task {
        file: "4-jsonrpc-error.http",
        protocol: Protocol::JsonRpc,
        calls: &[Call {
            method: "get_user",
            arguments: &["404"],
            answer: Said::Error(NOT_FOUND),
        }],
    },
    Task {
        file: "5-jsonrpc-twice.http",
        protocol: Protocol::JsonRpc,
        calls: &[
            Call {
                method: "add",
                arguments: &["1", "2"],
                answer: Said::Number(3),
            },
            Call {
                method: "add",
                arguments: &["3", "4"],
                answer: Said::Number(7),
            },
        ],
    },
];

/// What JSON-RPC calls NotFound here: `jsonrpc/README.md`, "Errors".
const NOT_FOUND: i64 = -32002;

/// Sends each file to a server of its own protocol.
///
/// # Errors
/// Servers that do not start.
pub fn check(place: &Place) -> Result<Report> {
    let servers = Servers::start(&place.trivium, &["xmlrpc", "jsonrpc"])?;
    TASKS
        .iter()
        .map(|task| part(task, place, &servers))
        .collect()
}

fn part(task: &Task, place: &Place, servers: &Servers) -> Result<Part> {
    signals::go_on()?;
    let bytes = match place.read(task.file) {
        Ok(bytes) => bytes,
        Err(unreadable) => return Ok(unreadable.part()),
    };
    let name = tell!("{file}", "{file}", file = task.file);
    if bytes.trim_ascii().is_empty() {
        let empty = tell!(
            "The file is empty. A request is a line that says what is wanted, header fields, an empty line and a body.",
            "O arquivo está vazio. Uma requisição é uma linha que diz o que se quer, os campos do cabeçalho, uma linha vazia e um corpo."
        );
        return Ok(Part::wrong(name, empty));
    }
    let (requests, mut findings) = requests(&bytes, task);
    let heard = send::exchange(
        servers.address(task.protocol.scheme())?,
        &bytes,
        task.calls.len(),
    )?;
    let said = judged(task, &requests, &heard);
    // What the server said helps where something is wrong, whoever of the two saw it.
    if !findings.is_empty() || !said.is_empty() {
        findings.push(heard.told());
    }
    findings.extend(said);
    Ok(Part::judged(name, findings))
}

/// The requests of a file, and what is wrong with their bytes.
fn requests(bytes: &[u8], task: &Task) -> (Vec<Request>, Vec<Text>) {
    let (mut requests, mut findings) = (Vec::new(), Vec::new());
    let (mut rest, mut number) = (bytes, 1);
    for at in 1..=task.calls.len() {
        if rest.trim_ascii().is_empty() {
            findings.push(tell!(
                "Requests in the file: {have}; asked for: {want}.",
                "Requisições no arquivo: {have}; pedidas: {want}.",
                have = at - 1,
                want = task.calls.len(),
            ));
            break;
        }
        let is_last = at == task.calls.len();
        let (request, behind) = Request::read(rest, number, is_last);
        let read = &rest[..rest.len() - behind.len()];
        number += read.iter().filter(|byte| **byte == b'\n').count();
        findings.extend(request.findings(task.protocol));
        requests.push(request);
        rest = behind;
    }
    (requests, findings)
}

/// What is wrong with what the server answered.
fn judged(task: &Task, requests: &[Request], heard: &Heard) -> Vec<Text> {
    let mut findings = Vec::new();
    for (at, call) in task.calls.iter().enumerate() {
        let Some(answer) = heard.answers.get(at) else {
            break;
        };
        let body = requests.get(at).map_or(&b""[..], Request::body);
        let wrong = answer::judge(task.protocol, answer, &call.answer, body);
        // Where the answer is not the one, why is told already.
        if wrong.is_empty() {
            findings.extend(other_call(task.protocol, body, call));
        }
        findings.extend(wrong);
    }
    findings.extend(same_ids(task, requests));
    if heard.answers.len() < task.calls.len() {
        findings.push(tell!(
            "Answers that were asked for: {want}; that came: {have}.",
            "Respostas pedidas: {want}; que vieram: {have}.",
            want = task.calls.len(),
            have = heard.answers.len(),
        ));
    }
    findings
}

/// A right answer to another question than the sheet's.
fn other_call(protocol: Protocol, body: &[u8], call: &Call) -> Option<Text> {
    let called = Called::read(protocol, body)?;
    (!called.is(call.method, call.arguments)).then(|| {
        tell!(
            "The answer is the one, but the call is not the sheet's: compare method and arguments.",
            "A resposta é essa, mas a chamada não é a do enunciado: compare método e argumentos."
        )
    })
}

/// Two calls on one connection whose replies nobody could tell apart.
fn same_ids(task: &Task, requests: &[Request]) -> Option<Text> {
    if task.protocol != Protocol::JsonRpc {
        return None;
    }
    let id = |request: &Request| answer::id(request.body());
    let [one, other] = requests else { return None };
    let id = id(one).filter(|one| id(other).as_ref() == Some(one))?;
    Some(tell!(
        "Both calls have the id {id}: by what would a client tell their replies apart?",
        "As duas chamadas têm o id {id}: como um cliente saberia qual resposta é de qual?",
        id = excerpt(&id.to_string()),
    ))
}
