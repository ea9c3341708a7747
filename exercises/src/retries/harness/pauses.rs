//! The rules of the pauses, with the sheet's figures.

use std::time::Duration;

use crate::rules::{HOUR, REFUSED, Verdict, reading};
use crate::script::{run, said};

/// Each pause is so many times the one before; the sheet says 1.5, and what is computed with fractions
/// may fall a little short of it.
const FACTOR: f64 = 1.49;
/// The sheet says 10 ms, and the greatest number by chance is not quite one.
const SHORTEST: Duration = Duration::from_millis(9);
const LONGEST: Duration = Duration::from_secs(30);
/// By so much of the longer one two pauses differ, with chance at 0.1 and at 0.9: where a tenth of a
/// pause is chance, it is 7 %.
const APART: f64 = 0.05;

/// Whether they grow up to a bound, with chance the same each time.
pub(crate) fn grow() -> Verdict {
    let pauses = run(&reading(), &[REFUSED], HOUR, &[0.999])?.pauses();
    let (&[first, second, ..], Some(&longest)) = (&pauses[..], pauses.last()) else {
        let count = pauses.len();
        return Err(said!(
            "Nobody listens for an hour. Number of pauses: {count}, which is too few to see them grow.",
            "Ninguém escuta durante uma hora. Número de pausas: {count}, pouco para ver se crescem."
        ));
    };
    if first < SHORTEST {
        return Err(said!(
            "Pauses {pauses:?}: the first one is too short for a server to recover.",
            "Pausas {pauses:?}: a primeira é curta demais para um servidor se recuperar."
        ));
    }
    if !(by_factor(first, second) && up_to(longest, &pauses)) || by_step(&pauses) {
        return Err(said!(
            "With the same chance each time the pauses are {pauses:?}: the sheet says how they grow.",
            "Com o mesmo sorteio toda vez, as pausas são {pauses:?}: o enunciado diz como elas crescem."
        ));
    }
    match longest > LONGEST {
        true => Err(said!(
            "Pauses {pauses:?}: give the longest one a bound.",
            "Pausas {pauses:?}: dê um limite à mais longa."
        )),
        false => Ok(()),
    }
}

fn by_factor(one: Duration, next: Duration) -> bool {
    next.as_secs_f64() >= one.as_secs_f64() * FACTOR
}

/// Whether they grow by the factor until that bound is reached; all later ones are as long as it.
fn up_to(longest: Duration, pauses: &[Duration]) -> bool {
    let reached = |at: usize| pauses[at..].iter().all(|pause| *pause == longest);
    let mut pairs = (1..).zip(pauses.windows(2));
    pairs.all(|(at, pair)| by_factor(pair[0], pair[1]) || (pair[1] >= pair[0] && reached(at)))
}

/// Whether each is longer by the same time: in so few pauses the last one could pass for a bound.
fn by_step(pauses: &[Duration]) -> bool {
    let steps = pauses
        .windows(2)
        .map(|pair| pair[1].saturating_sub(pair[0]));
    let steps: Vec<Duration> = steps.collect();
    let alike = |pair: &[Duration]| pair[0].abs_diff(pair[1]) * 100 < pair[0];
    steps.len() > 2 && steps.windows(2).all(alike)
}

/// Whether chance makes a difference that counts.
pub(crate) fn differ() -> Verdict {
    let one = run(&reading(), &[REFUSED], HOUR, &[0.1])?.pauses();
    let other = run(&reading(), &[REFUSED], HOUR, &[0.9])?.pauses();
    if one.is_empty() {
        return Err(said!(
            "It does not pause between tries.",
            "Ela não pausa entre as tentativas."
        ));
    }
    let alike = |one: &Duration, other: &Duration| {
        one.abs_diff(*other).as_secs_f64() < (*one).max(*other).as_secs_f64() * APART
    };
    match one.iter().zip(&other).any(|(one, other)| alike(one, other)) {
        true => Err(said!(
            "Two clients that fail at the same moment, one with a small number by chance and one with a great one, pause {one:?} and {other:?}: where two pauses are almost alike they come back together.",
            "Dois clientes que falham no mesmo instante, um com sorteio baixo e outro com sorteio alto, pausam {one:?} e {other:?}: onde duas pausas são quase iguais, eles voltam juntos."
        )),
        false => Ok(()),
    }
}
