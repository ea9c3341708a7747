//! Exercise 1: requests over HTTP/1.1 written by hand. The very bytes of each file are sent to a
//! server; what it says is told, and what is wrong with the bytes beside it.

mod answer;
mod line;
mod request;
mod send;

use anyhow::Result;

use crate::exercise::Place;
use crate::language::Text;
use crate::report::{Part, Report};
use crate::servers::Servers;
use crate::signals;
use answer::Said;
use request::Request;
use send::Heard;

/// One file that the student writes.
struct Task {
    file: &'static str,
    protocol: Protocol,
    /// How many requests it holds, one behind the other.
    requests: usize,
    /// What the answers have to say, in their order.
    wanted: &'static [Said<'static>],
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

/// What the sheet asks for.
const TASKS: [Task; 5] = [
    Task {
        file: "1-xmlrpc-add.http",
        protocol: Protocol::XmlRpc,
        requests: 1,
        wanted: &[Said::Number(2025)],
    },
    Task {
        file: "2-jsonrpc-add.http",
        protocol: Protocol::JsonRpc,
        requests: 1,
        wanted: &[Said::Number(2025)],
    },
    Task {
        file: "3-xmlrpc-uppercase.http",
        protocol: Protocol::XmlRpc,
        requests: 1,
        wanted: &[Said::Text("PÃO DE QUEIJO É BOM")],
    },
    Task {
        file: "4-jsonrpc-error.http",
        protocol: Protocol::JsonRpc,
        requests: 1,
        wanted: &[Said::Error(NOT_FOUND)],
    },
    Task {
        file: "5-jsonrpc-twice.http",
        protocol: Protocol::JsonRpc,
        requests: 2,
        wanted: &[Said::Number(3), Said::Number(7)],
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
            "O arquivo está vazio. Uma requisição é uma linha que diz o que se quer, cabeçalhos, uma linha vazia e um corpo."
        );
        return Ok(Part::wrong(name, empty));
    }
    let (requests, mut findings) = requests(&bytes, task);
    let heard = send::exchange(
        servers.address(task.protocol.scheme())?,
        &bytes,
        task.requests,
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
    for at in 1..=task.requests {
        if rest.trim_ascii().is_empty() {
            findings.push(tell!(
                "Requests in the file: {have}; asked for: {want}.",
                "Requisições no arquivo: {have}; pedidas: {want}.",
                have = at - 1,
                want = task.requests,
            ));
            break;
        }
        let is_last = at == task.requests;
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
    for (at, wanted) in task.wanted.iter().enumerate() {
        let Some(answer) = heard.answers.get(at) else {
            break;
        };
        let body = requests.get(at).map_or(&b""[..], Request::body);
        findings.extend(answer::judge(task.protocol, answer, wanted, body));
    }
    if heard.answers.len() < task.wanted.len() {
        findings.push(tell!(
            "Answers that were asked for: {want}; that came: {have}.",
            "Respostas pedidas: {want}; que vieram: {have}.",
            want = task.wanted.len(),
            have = heard.answers.len(),
        ));
    }
    findings
}
