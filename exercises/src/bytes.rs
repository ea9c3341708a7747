//! Exercise 3: where the bytes of a call go, guessed and then measured. Nothing that is right is
//! written down here: the check makes the measurements itself.

mod measured;
mod questions;

use anyhow::Result;

use crate::answers::{self, Answers};
use crate::exercise::Place;
use crate::language::{Text, excerpt};
use crate::report::{Part, Report};
use measured::{Call, Measured, WIRES};
use questions::{Answer, Question};

/// Where the student guesses.
const GUESSES: &str = "predictions.txt";
/// Where the student answers what was measured.
const ANSWERS: &str = "answers.txt";

/// Looks at guesses and answers.
///
/// # Errors
/// A measurement that fails.
pub fn check(place: &Place) -> Result<Report> {
    let guesses = Answers::read(place, GUESSES);
    let answers = Answers::read(place, ANSWERS);
    let calls = Measured::of(&place.trivium)?;
    let questions = questions::all(&calls)?;
    let names: Vec<_> = questions.iter().map(|question| question.name).collect();
    let mut parts = vec![guesses.file(GUESSES, &WIRES)];
    for wire in WIRES {
        parts.push(guess(wire, &guesses, &calls.plain.warm(wire)?));
    }
    parts.push(answers.file(ANSWERS, &names));
    let has_guessed = WIRES.iter().all(|wire| guesses.to(wire).is_some());
    let judged = |question: &Question| match has_guessed {
        true => part(question, &answers),
        false => Part::waits(named(question.name), first_guess()),
    };
    parts.extend(questions.iter().map(judged));
    Ok(Report { parts })
}

fn named(name: &str) -> Text {
    tell!("{name}", "{name}")
}

fn first_guess() -> Text {
    tell!(
        "First guess, in {GUESSES}: once you have seen the number it is too late.",
        "Primeiro o palpite, em {GUESSES}: depois de ver o número é tarde."
    )
}

/// A guess is right when it is one; how far it was off is told without the number.
fn guess(wire: &str, guesses: &Answers, call: &Call) -> Part {
    let name = tell!("{wire}: your guess", "{wire}: seu palpite");
    if !guesses.are_there() {
        return answers::unread(name);
    }
    let Some(given) = guesses.to(wire) else {
        return Part::wrong(
            name,
            tell!("There is no guess yet.", "Ainda não há palpite."),
        );
    };
    let Some(guessed) = given.parse::<u32>().ok().filter(|bytes| *bytes > 0) else {
        let given = excerpt(given);
        return Part::wrong(
            name,
            tell!(
                "{given} is no whole number of bytes above 0.",
                "{given} não é um número inteiro de bytes maior que 0."
            ),
        );
    };
    Part::right(name, how_far(f64::from(guessed) / call.total() as f64))
}

/// In words, so that a guess cannot be sharpened until it is the answer.
fn how_far(ratio: f64) -> Text {
    match ratio {
        0.8..=1.25 => tell!(
            "Off by a quarter at most.",
            "Erra por um quarto, no máximo."
        ),
        0.5..0.8 => tell!("Too few, by less than half.", "Pouco, por menos da metade."),
        1.25..=2.0 => tell!("Too many, by up to twice.", "Demais, até o dobro."),
        ..0.5 => tell!(
            "Far too few: what does this wire send that you did not think of?",
            "Muito pouco: o que esse protocolo manda em que você não pensou?"
        ),
        _ => tell!(
            "Far too many: what does this wire not send?",
            "Muito demais: o que esse protocolo não manda?"
        ),
    }
}

fn part(question: &Question, answers: &Answers) -> Part {
    let name = named(question.name);
    if !answers.are_there() {
        return answers::unread(name);
    }
    let Some(given) = answers.to(question.name) else {
        return Part::wrong(name, answers::open());
    };
    let shown = excerpt(given);
    let finding = match question.judge(given) {
        Answer::Right => None,
        Answer::Known(told) => Some(told),
        Answer::Other => Some(question.hint.clone()),
        Answer::NoNumber => Some(tell!(
            "{shown} is no whole number.",
            "{shown} não é um número inteiro."
        )),
        Answer::NoWire => Some(tell!(
            "{shown} is none of the wires: {wires}.",
            "{shown} não é um dos protocolos: {wires}.",
            wires = WIRES.join(", "),
        )),
    };
    Part::judged(name, finding.into_iter().collect())
}
