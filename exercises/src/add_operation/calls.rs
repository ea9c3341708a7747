//! The operation over one protocol, called by the room's own program.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::{OPERATION, Room};
use crate::language::{Text, excerpt};
use crate::program::{self, Ran};
use crate::report::Part;

/// A call has ten seconds of its own.
const CALLING: Duration = Duration::from_secs(30);

/// As many wrong answers as a room's part shows.
const SHOWN: usize = 2;

/// What the sheet's table says, as it was handed out.
const CASES: &str = include_str!("../../7-add-an-operation/cases.txt");

/// Arguments, and what they come to.
struct Case {
    a: &'static str,
    b: &'static str,
    wanted: &'static str,
}

fn cases() -> impl Iterator<Item = Case> {
    let lines = CASES.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| {
        let (arguments, wanted) = line.split_once(" => ")?;
        let (a, b) = arguments.split_once(' ')?;
        Some(Case { a, b, wanted })
    })
}

pub(super) fn name(room: &Room) -> Text {
    tell!("{room} answers", "{room} responde", room = room.name)
}

/// Whether that room's client gets the table's answers from its server.
pub(super) fn part(room: &Room, program: &Path, address: &str) -> Result<Part> {
    let mut findings = Vec::new();
    for case in cases() {
        let ran = call(program, address, &case)?;
        findings.extend(wrong(&case, &ran));
    }
    Ok(Part::judged(name(room), shortened(findings)))
}

/// The first ones, and how many more: nine lines of one fault tell no more than two.
fn shortened(mut findings: Vec<Text>) -> Vec<Text> {
    let more = findings.len().saturating_sub(SHOWN);
    findings.truncate(SHOWN);
    if more > 0 {
        findings.push(tell!(
            "{more} more calls of the table are answered wrong.",
            "Mais {more} chamadas da tabela têm resposta errada."
        ));
    }
    findings
}

fn call(program: &Path, address: &str, case: &Case) -> Result<Ran> {
    let url = format!("http://{address}");
    let mut command = Command::new(program);
    // Behind -- a number may begin with a minus.
    command.args(["call", "--url", &url, OPERATION, "--", case.a, case.b]);
    program::run(&mut command, CALLING)
}

fn wrong(case: &Case, ran: &Ran) -> Option<Text> {
    let Case { a, b, wanted } = case;
    let got = match ran.succeeded() {
        true => ran.stdout.trim(),
        false => ran.stderr.trim().trim_start_matches("error: "),
    };
    (got != *wanted).then(|| {
        let got = excerpt(got);
        tell!(
            "subtract {a} {b} gives: {got}. The table asks for: {wanted}",
            "subtract {a} {b} dá: {got}. A tabela pede: {wanted}"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_right() {
        let mut count = 0;
        for Case { a, b, wanted } in cases() {
            let [a, b] = [a, b].map(|number| number.parse::<i64>().expect("it is a number"));
            let difference = a - b;
            count += 1;
            match i32::try_from(difference) {
                Ok(_) => assert_eq!(wanted, difference.to_string()),
                Err(_) => assert!(wanted.contains(&format!("is {difference}, ")), "{wanted}"),
            }
        }
        assert_eq!(count, 9);
    }
}
