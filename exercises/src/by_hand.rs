//! Exercise 2: a message of protobuf, decoded by hand. What is right is not written down here: a
//! decoder reads it from the same bytes. What is wrong is told by which rule would give it.

mod mistakes;
mod reading;
mod walk;

use anyhow::Result;
use unicode_normalization::UnicodeNormalization as _;

use crate::answers::{self, Answers};
use crate::exercise::Place;
use crate::language::{Text, excerpt};
use crate::report::{Part, Report};

/// The message, as the student has it.
const MESSAGE: &str = include_str!("../2-by-hand/message.hex");
/// The reader's schema, as the student has it.
const SCHEMA: &str = include_str!("../2-by-hand/reading.proto");
/// Where the student answers.
const FILE: &str = "answers.txt";

/// What one answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Numbers,
    Truth,
}

/// A question with its answer and the wrong ones that tell what went wrong.
struct Question {
    name: &'static str,
    kind: Kind,
    right: String,
    mistakes: Vec<(String, Text)>,
    /// What is said of any other answer.
    otherwise: Text,
}

/// Judges each answer.
///
/// # Errors
/// A message that is none of the schema: a fault of this program.
pub fn check(place: &Place) -> Result<Report> {
    let answers = Answers::read(place, FILE);
    let questions = reading::questions(&message()?)?;
    let names: Vec<_> = questions.iter().map(|question| question.name).collect();
    let file = answers.file(FILE, &names);
    let judged = questions.iter().map(|question| part(question, &answers));
    Ok(std::iter::once(file).chain(judged).collect())
}

/// The bytes of the message.
fn message() -> Result<Vec<u8>> {
    let bytes = MESSAGE.split_whitespace();
    let bytes = bytes.map(|byte| Ok(u8::from_str_radix(byte, 16)?));
    bytes.collect()
}

fn part(question: &Question, answers: &Answers) -> Part {
    let name = tell!("{name}", "{name}", name = question.name);
    if !answers.are_there() {
        return answers::unread(name);
    }
    let Some(given) = answers.to(question.name) else {
        return Part::wrong(name, answers::open());
    };
    let found = match normal(question.kind, given) {
        None => Some(tell!(
            "{given} is no {kind}.",
            "{given} não é {tipo}.",
            given = excerpt(given),
            kind = question.kind.told().en,
            tipo = question.kind.told().pt,
        )),
        Some(given) if given == question.right => None,
        Some(given) => {
            let mut mistakes = question.mistakes.iter();
            let known = mistakes.find(|(mistake, _)| *mistake == given);
            Some(known.map_or(&question.otherwise, |(_, told)| told).clone())
        }
    };
    Part::judged(name, found.into_iter().collect())
}

impl Kind {
    fn told(self) -> Text {
        match self {
            Self::Text => tell!("text", "um texto"),
            Self::Number => tell!("number", "um número"),
            Self::Numbers => tell!("list of numbers", "uma lista de números"),
            Self::Truth => tell!("value of this type", "um valor deste tipo"),
        }
    }
}

/// An answer as it is compared, however it was written; `None` where it is nothing of that kind.
fn normal(kind: Kind, answer: &str) -> Option<String> {
    let bare = answer.trim_matches(['"', '\'', '`']).trim();
    match kind {
        // ã may be one character or an a with a tilde behind it: the same text to whoever reads it.
        Kind::Text => Some(bare.nfc().collect()),
        Kind::Number => number(bare),
        Kind::Numbers => {
            let inner = bare.trim_matches(['[', ']', '{', '}']);
            let items = inner.split([',', ';', ' ']).filter(|item| !item.is_empty());
            let items = items.map(number).collect::<Option<Vec<_>>>()?;
            Some(items.join(", "))
        }
        Kind::Truth => Some(truth(&bare.to_lowercase())),
    }
}

/// Yes or no, however it is said: on the wire it is 1 or 0.
fn truth(word: &str) -> String {
    let word = match word {
        "1" | "yes" | "sim" | "verdadeiro" => "true",
        "0" | "no" | "não" | "falso" => "false",
        other => other,
    };
    word.to_owned()
}

/// Digits in groups of three, as newspapers write them, put together. One group alone is left: a
/// comma or a point may begin a fraction.
fn without_groups(text: &str) -> Option<String> {
    let separator = text.chars().find(|it| [',', '.', '\'', ' '].contains(it))?;
    let mut groups = text.split(separator);
    let first = groups.next()?.trim_start_matches('-');
    let whole = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let rest: Vec<_> = groups.collect();
    let grouped = rest.len() > 1 && rest.iter().all(|it| it.len() == 3 && whole(it));
    (grouped && (1..=3).contains(&first.len()) && whole(first)).then(|| text.replace(separator, ""))
}

/// A number, or one of the words for there being none.
fn number(text: &str) -> Option<String> {
    let text = text.replace('_', "").replace('\u{2212}', "-");
    let text = without_groups(&text).unwrap_or(text);
    if let Ok(whole) = text.parse::<i128>() {
        return Some(whole.to_string());
    }
    let none = [
        "none", "nothing", "absent", "missing", "null", "nada", "ausente", "nenhum", "-",
    ];
    if none.contains(&text.to_lowercase().as_str()) {
        return Some(ABSENT.to_owned());
    }
    let fraction = text.replace(',', ".").parse::<f64>().ok()?;
    fraction.is_finite().then(|| fraction.to_string())
}

/// How an answer is compared that says that there is none.
const ABSENT: &str = "none";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_compared_however_they_are_written() {
        for (kind, answer, normally) in [
            (Kind::Number, "1_000", "1000"),
            (Kind::Number, "-0,50", "-0.5"),
            (Kind::Number, "Absent", ABSENT),
            (Kind::Numbers, "[1, 2;3]", "1, 2, 3"),
            (Kind::Text, "\"a b\"", "a b"),
            (Kind::Truth, "True", "true"),
            (Kind::Truth, "1", "true"),
            (Kind::Number, "31,415,926", "31415926"),
            (Kind::Number, "-22.862.345", "-22862345"),
            (Kind::Number, "31,415", "31.415"),
            (Kind::Text, "Sa\u{303}o", "São"),
        ] {
            assert_eq!(normal(kind, answer).as_deref(), Some(normally), "{answer}");
        }
        assert_eq!(normal(Kind::Number, "many"), None);
        assert_eq!(normal(Kind::Numbers, "1, x"), None);
    }

    #[test]
    fn no_mistake_is_right() {
        let questions = reading::questions(&message().expect("it is hex")).expect("it is whole");
        assert_eq!(questions.len(), 11);
        for question in questions {
            let normally = normal(question.kind, &question.right);
            assert_eq!(
                normally.as_ref(),
                Some(&question.right),
                "{}",
                question.name
            );
            for (mistake, _) in &question.mistakes {
                assert_ne!(*mistake, question.right, "{}", question.name);
            }
        }
    }
}
