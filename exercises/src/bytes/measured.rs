//! What `trivium wire` measures here and now, read from its JSON.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::program;

/// The wires as `trivium wire --json` names them, in its order.
pub(super) const WIRES: [&str; 5] = [
    "xmlrpc",
    "jsonrpc-http",
    "jsonrpc-websocket",
    "grpc",
    "rest",
];

/// A measurement takes less than a second.
const LIMIT: Duration = Duration::from_secs(60);

/// The calls that the sheet asks about.
pub(super) struct Measured {
    /// `add(5, 3)`.
    pub(super) plain: Wires,
    /// `add(0, 0)`.
    pub(super) nothing: Wires,
    /// `add(5, -3)`.
    pub(super) negative: Wires,
}

/// One operation over all wires.
pub(super) struct Wires(Value);

/// Where the bytes of one call went.
pub(super) struct Call {
    pub(super) up: Bytes,
    pub(super) down: Bytes,
}

/// Where the bytes of one direction went.
pub(super) struct Bytes {
    pub(super) value: u64,
    pub(super) encoding: u64,
    pub(super) headers: u64,
    pub(super) setup: u64,
    pub(super) total: u64,
}

impl Call {
    /// A sum over both directions.
    pub(super) fn both(&self, of: fn(&Bytes) -> u64) -> u64 {
        of(&self.up) + of(&self.down)
    }

    /// All bytes, both ways.
    pub(super) fn total(&self) -> u64 {
        self.both(|bytes| bytes.total)
    }
}

impl Measured {
    /// Makes the calls.
    ///
    /// # Errors
    /// Where one fails.
    pub(super) fn of(trivium: &Path) -> Result<Self> {
        Ok(Self {
            plain: wires(trivium, ["5", "3"])?,
            nothing: wires(trivium, ["0", "0"])?,
            negative: wires(trivium, ["5", "-3"])?,
        })
    }
}

/// Without a time limit, as the sheet asks: what is left of one is sent along, and its digits differ
/// from call to call.
fn wires(trivium: &Path, numbers: [&str; 2]) -> Result<Wires> {
    let mut command = Command::new(trivium);
    command
        .args(["wire", "add"])
        .args(numbers)
        .args(["--timeout", "none", "--json", "-"]);
    let ran = program::run(&mut command, LIMIT)?;
    if !ran.succeeded() {
        bail!(
            "trivium wire add {} failed: {}",
            numbers.join(" "),
            ran.stderr.trim()
        );
    }
    let read = serde_json::from_str(&ran.stdout);
    Ok(Wires(read.context("trivium wire did not write JSON")?))
}

impl Wires {
    /// The first call on a connection.
    pub(super) fn cold(&self, wire: &str) -> Result<Call> {
        self.call(wire, "cold")
    }

    /// A later one: of two the one with fewer bytes. Where the clock's second changes between two
    /// calls, the header date is new to HPACK's table, and that call has some twenty bytes more.
    pub(super) fn warm(&self, wire: &str) -> Result<Call> {
        let (second, third) = (self.call(wire, "second")?, self.call(wire, "warm")?);
        Ok(match second.total() < third.total() {
            true => second,
            false => third,
        })
    }

    fn call(&self, wire: &str, state: &str) -> Result<Call> {
        let named = |list: &'_ Value, key: &str, name: &str| {
            let items = list.as_array()?;
            items.iter().find(|item| item[key] == name).cloned()
        };
        let calls = named(&self.0["wires"], "name", wire).map(|wire| wire["calls"].clone());
        let call = calls.and_then(|calls| named(&calls, "state", state));
        let call = call.with_context(|| format!("trivium wire shows no {state} call of {wire}"))?;
        Ok(Call {
            up: bytes(&call["ledger"]["up"])?,
            down: bytes(&call["ledger"]["down"])?,
        })
    }
}

fn bytes(ledger: &Value) -> Result<Bytes> {
    let roles = ledger.as_object().context("trivium wire shows no ledger")?;
    let of = |role: &str| {
        let bytes = roles.get(role).and_then(Value::as_u64);
        bytes.with_context(|| format!("trivium wire's ledger has no {role}"))
    };
    Ok(Bytes {
        value: of("value")?,
        encoding: of("encoding")?,
        headers: of("headers")?,
        setup: of("setup")?,
        total: roles.values().filter_map(Value::as_u64).sum(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The calls of one wire, each with that many bytes of header fields up.
    fn wires(headers: &[(&str, u64)]) -> Wires {
        let ledger =
            |headers: u64| json!({"value": 2, "encoding": 3, "headers": headers, "setup": 11});
        let calls = headers.iter().map(|(state, headers)| {
            json!({"state": state, "ledger": {"up": ledger(*headers), "down": ledger(5)}})
        });
        Wires(json!({"wires": [{"name": "grpc", "calls": calls.collect::<Vec<_>>()}]}))
    }

    #[test]
    fn a_call_is_found_by_wire_and_state() {
        let wires = wires(&[("second", 5), ("warm", 5)]);
        let call = wires.warm("grpc").expect("it is there");
        assert_eq!((call.total(), call.both(|it| it.setup)), (42, 22));
        assert!(wires.cold("grpc").is_err());
        assert!(wires.warm("rest").is_err());
    }

    #[test]
    fn a_second_that_passes_between_two_calls_is_not_counted() {
        for calls in [[("second", 25), ("warm", 5)], [("second", 5), ("warm", 25)]] {
            let call = wires(&calls).warm("grpc").expect("it is there");
            assert_eq!(call.total(), 42);
        }
    }
}
