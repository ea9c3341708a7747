//! Calls, or a whole recording, as JSON: `call`, `operation` and `wires` (with `socket` and `calls`,
//! each with its `state`, `answer` or `error`, `pieces` and `ledger`), and as `dissection` what
//! [`wire::json`] makes of all bytes.

use std::io::{self, Write};

use demo::value::Json;
use serde::Serialize;
use wire::dissection::{Dissection, Piece};
use wire::ledger::Ledger;
use wire::seen::Sight;

use super::capture::{Capture, Observed, Part, Plan};

/// What stands before the dissection.
#[derive(Serialize)]
struct Calls<'a> {
    /// `add(5, 3)`
    call: String,
    operation: &'a str,
    wires: Vec<OneWire<'a>>,
}

#[derive(Serialize)]
struct OneWire<'a> {
    name: &'a str,
    title: &'a str,
    /// What the tap's sockets carried.
    socket: UpDown,
    calls: Vec<OneCall<'a>>,
}

#[derive(Serialize)]
struct UpDown {
    up: u64,
    down: u64,
}

#[derive(Serialize)]
struct OneCall<'a> {
    /// `cold`, `second`, `warm`, or `after` for what came after the last call.
    state: &'a str,
    elapsed_nanoseconds: Option<u64>,
    /// One value, or all of a stream.
    answer: Option<Vec<serde_json::Value>>,
    error: Option<String>,
    /// Where its bytes are in the dissection.
    pieces: &'a [Piece],
    ledger: Ledger,
}

/// Writes calls with all that was made of their bytes.
///
/// # Errors
/// The writer's.
pub fn of_calls(plan: &Plan, captured: &Capture, out: &mut dyn Write) -> io::Result<()> {
    let sight = Sight::of(&captured.dissection);
    let wires = captured.wires.iter();
    let calls = Calls {
        call: plan.call.title(),
        operation: plan.call.operation.name,
        wires: wires.map(|observed| one_wire(&sight, observed)).collect(),
    };
    let calls = serde_json::to_string(&calls)?;
    // One object, the dissection its last member: it is written as it goes and never held as text.
    let open = calls.strip_suffix('}').unwrap_or(&calls);
    write!(out, "{open},\"dissection\":")?;
    wire::json::write(&captured.dissection, &[], &mut *out)?;
    out.write_all(b"}\n")
}

/// Writes what was made of a recording.
///
/// # Errors
/// The writer's.
pub fn of_recording(dissection: &Dissection, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"{\"dissection\":")?;
    wire::json::write(dissection, &[], &mut *out)?;
    out.write_all(b"}\n")
}

fn one_wire<'a>(sight: &Sight<'_>, observed: &'a Observed) -> OneWire<'a> {
    let parts = observed.parts.iter();
    OneWire {
        name: observed.wire.name,
        title: observed.wire.title,
        socket: UpDown {
            up: observed.socket_bytes[0],
            down: observed.socket_bytes[1],
        },
        calls: parts.map(|part| one_call(sight, part)).collect(),
    }
}

fn one_call<'a>(sight: &Sight<'_>, part: &'a Part) -> OneCall<'a> {
    let answered = part.answer.as_ref();
    let values = answered.and_then(|answered| answered.result.as_ref().ok());
    let error = answered.and_then(|answered| answered.result.as_ref().err());
    let elapsed = answered.map(|answered| answered.elapsed.as_nanos());
    OneCall {
        state: part.state.title(),
        elapsed_nanoseconds: elapsed.map(|nanos| u64::try_from(nanos).unwrap_or(u64::MAX)),
        answer: values.map(|values| values.iter().map(value).collect()),
        error: error.map(ToString::to_string),
        pieces: &part.excerpt.pieces,
        ledger: Ledger::counted(sight, &part.excerpt),
    }
}

/// A number that JSON does not have is null.
fn value(value: &demo::Value) -> serde_json::Value {
    serde_json::from_str(&Json(value).to_string()).unwrap_or_default()
}
