//! Exercise 5: a contract that changes. The student's schema is compiled; old messages are read with
//! it, and new ones by the old schema. What is judged is what arrives, not how the file is written.

mod carry;
mod changes;
mod shape;
mod ways;
mod wishes;

use anyhow::{Context as _, Result, anyhow};
use prost_reflect::{DynamicMessage, MessageDescriptor};

use crate::exercise::Place;
use crate::language::{Text, excerpt};
use crate::report::{Part, Report};
use crate::schema;

/// Version 1, as the student has it.
const OLD: &str = include_str!("../5-evolve/v1.proto");
/// What programs with version 1 wrote, as the student has it.
const RECORDED: &str = include_str!("../5-evolve/recorded.hex");
/// Where the student writes version 2.
const FILE: &str = "v2.proto";
/// The message in both.
const ORDER: &str = "shop.Order";

/// Both versions of the message, and what was written with the first.
struct Versions {
    old: MessageDescriptor,
    new: MessageDescriptor,
    recorded: Vec<Vec<u8>>,
}

/// Compiles, then looks at each change that was wished for.
///
/// # Errors
/// A schema or a record of our own that is broken.
pub fn check(place: &Place) -> Result<Report> {
    let name = tell!("{FILE} compiles", "{FILE} compila");
    let text = match place.text(FILE) {
        Ok(text) => text,
        Err(unreadable) => return Ok(waiting(name, unreadable.told)),
    };
    let old = schema::message("v1.proto", OLD, ORDER).map_err(|error| anyhow!(error))?;
    let recorded = recorded()?;
    let new = match schema::message(FILE, &text, ORDER) {
        Ok(new) => new,
        Err(error) => return Ok(waiting(name, refused(&error))),
    };
    let versions = Versions { old, new, recorded };
    let compiles = Part::judged(name, Vec::new());
    let changed = wishes::ALL.iter().map(|wish| wish.judged(&versions));
    Ok([compiles].into_iter().chain(changed).collect())
}

fn refused(error: &str) -> Text {
    let error = error.split_whitespace().collect::<Vec<_>>().join(" ");
    tell!(
        "The compiler refuses it: {error}",
        "O compilador recusa: {error}",
        error = excerpt(&error),
    )
}

/// A report of a file that says nothing yet, with all changes still to come.
fn waiting(name: Text, finding: Text) -> Report {
    let waits = |wish: &wishes::Wish| {
        Part::waits(
            (wish.name)(),
            tell!(
                "First the file has to compile.",
                "Primeiro o arquivo tem que compilar."
            ),
        )
    };
    let waiting = wishes::ALL.iter().map(waits);
    [Part::wrong(name, finding)]
        .into_iter()
        .chain(waiting)
        .collect()
}

/// The recorded orders' bytes; lines that begin with `#` tell what they say.
fn recorded() -> Result<Vec<Vec<u8>>> {
    let lines = RECORDED.lines().filter(|line| !line.starts_with('#'));
    let bytes = |line: &str| -> Result<Vec<u8>> {
        let pairs = line.split_whitespace();
        pairs
            .map(|byte| Ok(u8::from_str_radix(byte, 16)?))
            .collect()
    };
    lines.map(bytes).collect()
}

impl Versions {
    /// The recorded orders as a program with version 1 reads them.
    fn orders(&self) -> Result<Vec<DynamicMessage>> {
        let decoded = self.recorded.iter().map(|bytes| {
            let decoded = DynamicMessage::decode(self.old.clone(), bytes.as_slice());
            decoded.context("a recorded order is none of version 1")
        });
        decoded.collect()
    }
}

#[cfg(test)]
mod tests {
    use prost_reflect::prost::Message as _;

    use super::*;

    #[test]
    fn recorded_orders_are_orders_of_version_1() {
        let old = schema::message("v1.proto", OLD, ORDER).expect("it compiles");
        let versions = Versions {
            new: old.clone(),
            old,
            recorded: recorded().expect("it is hex"),
        };
        let orders = versions.orders().expect("they can be read");
        assert_eq!(orders.len(), 3);
        for (order, bytes) in orders.iter().zip(&versions.recorded) {
            assert_eq!(order.unknown_fields().count(), 0);
            assert_eq!(order.encoded_len(), bytes.len());
        }
    }
}
