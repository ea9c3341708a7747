//! The same deck in two languages: the same slides in the same order.

use super::fault::Fault;
use crate::deck::{Deck, Slide};

/// What differs, told of the second deck.
pub fn check(one: &Deck, other: &Deck) -> Vec<Fault> {
    let (file, first) = (&other.file, one.file.display());
    let mut faults = Vec::new();
    if one.length != other.length {
        let what = format!("its minutes are not those of {first}");
        faults.push(Fault::new(file, 1, what));
    }
    let (count, counted) = (other.slides.len(), one.slides.len());
    if count != counted {
        let what = format!("{count} slides, and {first} has {counted}: they must be the same");
        faults.push(Fault::new(file, 1, what));
    }
    for (one, other) in one.slides.iter().zip(&other.slides) {
        let what = differs(one, other).map(|what| {
            format!(
                "{:?} has other {what} than {first}, line {}",
                other.title, one.line
            )
        });
        faults.extend(what.map(|what| Fault::new(file, other.line, what)));
    }
    faults
}

/// The first thing in which two slides differ that must not.
fn differs(one: &Slide, other: &Slide) -> Option<&'static str> {
    let differences = [
        (!one.demos().eq(other.demos()), "demos"),
        (!one.regions().eq(other.regions()), "code"),
        (one.planned != other.planned, "minutes"),
        (one.topics != other.topics, "topics"),
    ];
    let found = differences.into_iter().find(|(differ, _)| *differ);
    found.map(|(_, what)| what)
}
