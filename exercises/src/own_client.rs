//! Exercise 4: a client in the student's own language. It is run as its user would run it: against
//! a real server first, then against one that answers in all the ways that a network allows.

mod cases;
mod command;
mod http;
mod real;
mod scripted;
mod upload;

use anyhow::Result;

use crate::exercise::Place;
use crate::report::{Part, Report};
use command::Program;

/// Runs the student's program against both servers.
///
/// # Errors
/// A file that cannot be read, servers that do not start.
pub fn check(place: &Place) -> Result<Report> {
    let program = match Program::named(place)? {
        Ok(program) => program,
        Err(finding) => {
            let rest = real::waiting().into_iter().chain(cases::waiting());
            let parts = [Part::wrong(command::name(), finding)].into_iter();
            return Ok(parts.chain(rest).collect());
        }
    };
    let mut parts = real::parts(&program, place)?;
    // Who cannot talk to a good server need not meet a bad one.
    let begun = parts.iter().any(|part| part.findings.is_empty());
    parts.extend(match begun {
        true => cases::parts(&program)?,
        false => cases::waiting(),
    });
    Ok(parts.into_iter().collect())
}
