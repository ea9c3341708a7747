//! The five wires, as rows of the comparison and as endpoints.

use crate::measurement::Kind;
use crate::target::{self, Protocol};

/// The scheme of each wire's endpoint, by the name of its row.
const SCHEMES: [(&str, &str); 5] = [
    ("xmlrpc", "xmlrpc"),
    ("jsonrpc-http", "jsonrpc"),
    ("jsonrpc-websocket", "jsonrpc+ws"),
    ("grpc", "grpc"),
    ("rest", "rest"),
];

/// One of the five.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wire {
    /// Its name in JSON.
    pub name: &'static str,
    /// Its name in tables.
    pub title: &'static str,
    /// The scheme of its endpoint.
    pub scheme: &'static str,
}

/// Those of these protocols, or all where none is named, in the order of every table.
#[must_use]
pub fn of(protocols: &[Protocol]) -> Vec<Wire> {
    let rows = target::selected(protocols).into_iter();
    let wires = rows.filter(|row| row.kind == Kind::Wire);
    let wires = wires.filter_map(|row| {
        let (name, scheme) = SCHEMES.into_iter().find(|(name, _)| *name == row.name)?;
        let title = row.title;
        Some(Wire {
            name,
            title,
            scheme,
        })
    });
    wires.collect()
}

/// The wire of an endpoint's scheme; `ws` is short for `jsonrpc+ws`.
#[must_use]
pub fn by_scheme(scheme: &str) -> Option<Wire> {
    let scheme = if scheme == "ws" { "jsonrpc+ws" } else { scheme };
    of(&[]).into_iter().find(|wire| wire.scheme == scheme)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::Endpoint;

    #[test]
    fn every_wire_of_the_comparison_has_an_endpoint() {
        let wires = target::ALL.iter().filter(|row| row.kind == Kind::Wire);
        assert_eq!(of(&[]).len(), wires.count());
        for wire in of(&[]) {
            let endpoint = format!("{}://127.0.0.1:1", wire.scheme).parse::<Endpoint>();
            let endpoint = endpoint.expect("its scheme is one");
            assert_eq!(by_scheme(endpoint.scheme()), Some(wire));
        }
    }

    #[test]
    fn json_rpc_is_two_wires() {
        let names: Vec<_> = of(&[Protocol::Jsonrpc])
            .iter()
            .map(|wire| wire.name)
            .collect();
        assert_eq!(names, ["jsonrpc-http", "jsonrpc-websocket"]);
    }
}
