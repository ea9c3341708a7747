//! Exercise 4: a client in the student's own language. It is run as its user would run it: against
//! a real server first, then against one that answers in all the ways that a network allows.

mod cases;
mod command;
mod http;
mod once;
mod real;
mod scripted;
mod upload;

use anyhow::Result;

use crate::exercise::Place;
use crate::report::{Part, Report, Verdict};
use cases::Tried;
use command::Program;

/// Runs the student's program against both servers.
///
/// # Errors
/// A file that cannot be read, servers that do not start.
pub fn check(place: &Place) -> Result<Report> {
    let program = match Program::named(place)? {
        Ok(program) => program,
        Err(finding) => {
            let rest = real::waiting().into_iter().chain(cases::waiting(0));
            let parts = [Part::wrong(command::name(), finding)].into_iter();
            return Ok(parts.chain(rest).collect());
        }
    };
    let mut parts = real::parts(&program, place)?;
    let some = |verdict| parts.iter().any(|part| part.verdict == verdict);
    // Who waits for ever where all is well need not wait for ever in nine more cases, and who fails
    // there is told why by the request.
    let tried = match (some(Verdict::Right), some(Verdict::Waits)) {
        (true, _) => Tried::All,
        (false, true) => Tried::None,
        (false, false) => Tried::TheRequest,
    };
    parts.extend(cases::parts(&program, tried)?);
    let named = Part::judged(command::name(), Vec::new());
    Ok(std::iter::once(named).chain(parts).collect())
}
