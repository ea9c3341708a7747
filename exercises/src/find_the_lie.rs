//! Exercise 8: find the lies in a benchmark. Which lines lie is known by their text, so that a change
//! elsewhere in the program or the report moves nothing.

mod key;
mod mark;

use anyhow::Result;

use crate::exercise::Place;
use crate::language::Text;
use crate::report::{Part, Report, Verdict};
use key::{Kind, LIES, Lie, Source};
use mark::Mark;

/// More marks than these are guesses.
const MOST_MARKS: usize = 14;

/// Compares `lies.txt` with what is known.
///
/// # Errors
/// A file that cannot be read.
pub fn check(place: &Place) -> Result<Report> {
    let text = place.text("lies.txt")?;
    let (marks, broken) = mark::read(&text);
    let readable = tell!("lies.txt can be read", "lies.txt pode ser lido");
    let findings = match (broken.is_empty(), marks.len()) {
        (false, _) => broken,
        (true, 0) => vec![tell!(
            "There is no mark yet. A mark is a line with three words: file, line number, kind.",
            "Ainda não há marcas. Uma marca é uma linha com três palavras: arquivo, número da linha, tipo."
        )],
        (true, 1..=MOST_MARKS) => Vec::new(),
        (true, count) => vec![tell!(
            "There are {count} marks. Past {MOST_MARKS} it is guessing: keep those that you can give a reason for.",
            "Há {count} marcas. Acima de {MOST_MARKS} é adivinhação: fique com as que você sabe justificar."
        )],
    };
    let parts = match findings.is_empty() {
        true => vec![
            Part::judged(readable, findings),
            marked(&marks),
            found(&marks),
        ],
        false => {
            let later = tell!("Looked at next.", "Vem depois.");
            let rest = [marked_name(), found_name()].map(|name| Part::waits(name, later.clone()));
            std::iter::once(Part::judged(readable, findings))
                .chain(rest)
                .collect()
        }
    };
    Ok(Report { parts })
}

fn marked_name() -> Text {
    tell!("What is marked is a lie", "O que está marcado é mentira")
}

fn found_name() -> Text {
    tell!("All lies are marked", "Todas as mentiras estão marcadas")
}

fn marked(marks: &[Mark]) -> Part {
    let findings = marks.iter().filter_map(doubt).collect();
    Part::judged(marked_name(), findings)
}

/// What is wrong with a mark. A line may tell one lie and follow from another: whoever marks the one
/// is right.
fn doubt(mark: &Mark) -> Option<Text> {
    if LIES.iter().any(|lie| lie.is_told_by(mark)) {
        return None;
    }
    let (shown, kind) = (mark.shown(), mark.kind.word);
    let (source, line) = (mark.source, mark.line);
    Some(if !key::says_something(source, line) {
        tell!(
            "{shown} has no word in it. Mark a line that says something.",
            "{shown} não tem palavra nenhuma. Marque uma linha que diga alguma coisa."
        )
    } else if key::follows(source, line) {
        tell!(
            "{shown}: for the kind {kind} this is not the place. What stands there only follows from the lies: mark the line that makes it false.",
            "{shown}: para o tipo {kind} o lugar não é este. O que está ali só decorre das mentiras: marque a linha que o torna falso."
        )
    } else if LIES.iter().any(|lie| lie.covers(source, line)) {
        tell!(
            "{shown} is not honest, and what is wrong with it is not {kind}.",
            "{shown} não é honesta, e o que há de errado nela não é {kind}."
        )
    } else {
        let Text { en, pt } = mark.kind.question();
        tell!(
            "{shown} is honest. Of a lie of the kind {kind} you would ask: {en}",
            "{shown} é honesta. De uma mentira do tipo {kind} se perguntaria: {pt}"
        )
    })
}

fn found(marks: &[Mark]) -> Part {
    let is_found = |lie: &&Lie| marks.iter().any(|mark| lie.is_told_by(mark));
    let (found, left): (Vec<&Lie>, Vec<&Lie>) = LIES.iter().partition(is_found);
    let Some(next) = left.first() else {
        return Part::judged(found_name(), Vec::new());
    };
    let (found, all) = (found.len(), LIES.len());
    let in_source = |source| left.iter().filter(|lie| lie.is_of(source)).count();
    let (program, report) = (in_source(Source::Program), in_source(Source::Report));
    let question = Kind::named(next.kind).map(Kind::question);
    let mut findings = vec![tell!(
        "Found: {found} of {all}. Of those that are left the sheet counts {program} in bench.rs and {report} in the report.",
        "Encontradas: {found} de {all}. Das que faltam, o enunciado conta {program} no bench.rs e {report} no relatório."
    )];
    findings.extend(question.map(|Text { en, pt }| {
        tell!("Ask of every figure: {en}", "Pergunte de cada número: {pt}")
    }));
    let verdict = Verdict::Wrong;
    Part {
        name: found_name(),
        verdict,
        findings,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lie_stands_in_the_files_and_has_a_kind() {
        for lie in LIES {
            assert!(Kind::named(lie.kind).is_some(), "{}", lie.kind);
            assert!(
                lie.spans().all(|span| !span.is_empty()),
                "{} has lost its lines",
                lie.kind
            );
        }
    }

    #[test]
    fn the_report_says_the_same_on_the_same_lines_in_both_languages() {
        let digits = |line: &str| {
            line.chars()
                .filter(char::is_ascii_digit)
                .collect::<String>()
        };
        let [english, portuguese] = key::REPORTS;
        assert_eq!(english.lines().count(), portuguese.lines().count());
        for (english, portuguese) in english.lines().zip(portuguese.lines()) {
            assert_eq!(digits(english), digits(portuguese), "{english}");
            assert_eq!(english.is_empty(), portuguese.is_empty(), "{english}");
        }
    }

    #[test]
    fn there_are_kinds_that_nobody_lied_by() {
        assert!(
            key::KINDS.len() > LIES.len(),
            "a list of what is there would be an answer"
        );
    }
}
