//! The program against `trivium serve`: what it prints, where, and how it ends.

use anyhow::Result;
use serde_json::{Value, json};

use super::command::Program;
use crate::exercise::Place;
use crate::language::{Text, excerpt};
use crate::program::Ran;
use crate::report::Part;
use crate::servers::Servers;

/// The largest integer of 32 bits: nothing can be added to it.
const LARGEST: &str = "2147483647";
/// OutOfRange: `jsonrpc/README.md`, "Errors".
const OUT_OF_RANGE: &str = "-32001";

fn names() -> [Text; 3] {
    [
        tell!("add, on the real server", "add, no servidor de verdade"),
        tell!(
            "An error, on the real server",
            "Um erro, no servidor de verdade"
        ),
        tell!(
            "A stream of values, on the real server",
            "Um stream de valores, no servidor de verdade"
        ),
    ]
}

/// All of them, not tried.
pub(super) fn waiting() -> Vec<Part> {
    let reason = tell!("Not tried yet.", "Ainda não foi tentado.");
    let part = |name| Part::waits(name, reason.clone());
    names().into_iter().map(part).collect()
}

pub(super) fn parts(program: &Program, place: &Place) -> Result<Vec<Part>> {
    let servers = Servers::start(&place.trivium, &["jsonrpc"])?;
    let address = servers.address("jsonrpc")?;
    let sum = program.call(address, &["add", "1990", "35"])?;
    // Who is stuck with a good server is stuck with every other: once is enough to wait for that.
    if sum.status.is_none() {
        return Ok(stuck());
    }
    let mut add = result(&sum, &json!(2025));
    if add.is_empty() {
        add = result(&program.call(address, &["add", "-7", "3"])?, &json!(-4));
    }
    let refused = program.call(address, &["add", LARGEST, "1"])?;
    let record = program.call(address, &["record_metrics", "1.5", "2.5", "4.25"])?;
    let summary = json!({"count": 3, "min": 1.5, "max": 4.25, "mean": 2.75});
    let findings = [
        add,
        error(&refused, &[OUT_OF_RANGE, "32 bits"]),
        result(&record, &summary),
    ];
    let parts = names().into_iter().zip(findings);
    Ok(parts
        .map(|(name, findings)| Part::judged(name, findings))
        .collect())
}

fn stuck() -> Vec<Part> {
    let mut parts = waiting();
    let [add, ..] = names();
    parts[0] = Part::wrong(add, endless());
    parts
}

/// What is wrong where that result should be all of standard output.
pub(super) fn result(ran: &Ran, wanted: &Value) -> Vec<Text> {
    let Some(status) = ran.status else {
        return vec![endless()];
    };
    let shown = excerpt(ran.stdout.trim());
    let mut findings = Vec::new();
    match serde_json::from_str::<Value>(ran.stdout.trim()) {
        Ok(got) if same(&got, wanted) => {}
        Ok(_) => findings.push(tell!(
            "Standard output says {shown}, which is not the result that the server gave.",
            "A saída padrão diz {shown}, que não é o resultado que o servidor deu."
        )),
        Err(_) if shown.is_empty() => findings.push(tell!("Standard output is empty.", "A saída padrão está vazia.")),
        Err(_) => findings.push(tell!(
            "Standard output says {shown}. It should hold the member result as JSON and nothing else.",
            "A saída padrão diz {shown}. Ela deve ter o membro result em JSON e mais nada."
        )),
    }
    if !status.success() {
        findings.push(tell!(
            "The exit code says that the call failed, and it did not.",
            "O código de saída diz que a chamada falhou, e ela não falhou."
        ));
    }
    if !findings.is_empty() {
        findings.extend(last_words(ran));
    }
    findings
}

/// What is wrong where the call failed, and standard error should tell with these words why.
pub(super) fn error(ran: &Ran, words: &[&str]) -> Vec<Text> {
    let Some(status) = ran.status else {
        return vec![endless()];
    };
    let mut findings = Vec::new();
    if status.success() {
        findings.push(tell!(
            "The exit code is 0: a script that runs your program takes this for a success.",
            "O código de saída é 0: um script que roda o seu programa acha que deu certo."
        ));
    }
    if !ran.stdout.trim().is_empty() {
        let shown = excerpt(ran.stdout.trim());
        findings.push(tell!(
            "Standard output says {shown}: whoever reads results there takes it for one.",
            "A saída padrão diz {shown}: quem lê resultados ali acha que é um."
        ));
    }
    if ran.stderr.trim().is_empty() {
        findings.push(tell!(
            "Standard error is empty: nobody learns what failed.",
            "A saída de erro está vazia: ninguém fica sabendo o que falhou."
        ));
    } else if !words.iter().all(|word| ran.stderr.contains(word)) {
        findings.push(tell!(
            "Standard error does not tell what the server said of the failure: the sheet says which parts of it have to be there.",
            "A saída de erro não conta o que o servidor disse da falha: o enunciado diz quais partes têm que estar lá."
        ));
        findings.extend(last_words(ran));
    }
    // A trace tells a programmer where the program broke, and its user nothing.
    let trace = [
        "Traceback (most recent",
        "panicked at",
        "\n    at ",
        "goroutine 1 [",
    ];
    if trace.iter().any(|mark| ran.stderr.contains(mark)) {
        findings.push(tell!(
            "The program broke off with a trace of its stack instead of telling what failed.",
            "O programa quebrou com um rastro da pilha em vez de dizer o que falhou."
        ));
        findings.extend(last_words(ran));
    }
    findings
}

fn endless() -> Text {
    tell!(
        "The program had not ended after 8 seconds, and was ended.",
        "O programa não tinha terminado depois de 8 segundos, e foi encerrado."
    )
}

/// The last line of standard error, where every language says what broke.
fn last_words(ran: &Ran) -> Option<Text> {
    let line = ran.stderr.trim_end().lines().next_back()?;
    let line = excerpt(line);
    Some(tell!(
        "Standard error ends with: {line}",
        "A saída de erro termina com: {line}"
    ))
}

/// Whether two documents say the same: 4 and 4.0 are one number in JSON.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(name, value)| other.get(name).is_some_and(|it| same(value, it)))
        }
        (one, other) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_and_four_point_zero_are_one_number() {
        assert!(same(&json!({"a": 4}), &json!({"a": 4.0})));
        assert!(!same(&json!({"a": 4, "b": 1}), &json!({"a": 4})));
        assert!(!same(&json!("4"), &json!(4)));
    }
}
