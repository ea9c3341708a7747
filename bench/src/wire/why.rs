//! The sentences below the first screen's table: computed from this run's ledger, never written
//! down beforehand.

use wire::ledger::{Ledger, Tally};
use wire::seen::Sight;
use wire::span::Role;

use super::capture::{Capture, Observed, State};
use crate::report::table::{figure, thousands};

/// One wire's settled call, counted.
struct Counted<'a> {
    observed: &'a Observed,
    cold: Ledger,
    settled: Ledger,
}

impl Counted<'_> {
    fn total(&self) -> usize {
        self.settled.both().total()
    }

    fn title(&self) -> &'static str {
        self.observed.wire.title
    }
}

/// Where errors stand, so that values are not compared with headers unawares.
const ERRORS: &str = "An error's text is a value in a body, but a header field of gRPC.";

/// Why one wire needs more bytes than another, and what HPACK saved; nothing where there is only
/// one wire and it has no HPACK.
#[must_use]
pub fn sentences(capture: &Capture) -> Vec<String> {
    let sight = Sight::of(&capture.dissection);
    let counted: Vec<_> = capture
        .wires
        .iter()
        .filter_map(|observed| {
            Some(Counted {
                observed,
                cold: Ledger::counted(&sight, &observed.part(State::Cold)?.excerpt),
                settled: Ledger::counted(&sight, &observed.settled()?.excerpt),
            })
        })
        .collect();
    let compared = pair(&counted).map(|(more, less)| difference(more, less));
    let saved = counted.iter().filter_map(saved_by_hpack);
    let failed = counted.iter().any(|it| it.observed.failure().is_some());
    let places = failed.then(|| ERRORS.to_owned());
    compared.into_iter().chain(places).chain(saved).collect()
}

/// The two that are compared: XML-RPC and gRPC where both are there, else the most and the least.
fn pair<'a>(counted: &'a [Counted<'a>]) -> Option<(&'a Counted<'a>, &'a Counted<'a>)> {
    let named = |name| counted.iter().find(|it| it.observed.wire.name == name);
    let most = || counted.iter().max_by_key(|it| it.total());
    let least = || counted.iter().min_by_key(|it| it.total());
    let (one, other) = named("xmlrpc").zip(named("grpc")).or(most().zip(least()))?;
    let (more, less) = match one.total() < other.total() {
        true => (other, one),
        false => (one, other),
    };
    (more.total() > less.total() && less.total() > 0).then_some((more, less))
}

fn difference(more: &Counted<'_>, less: &Counted<'_>) -> String {
    let (of_more, of_less) = (more.settled.both(), less.settled.both());
    let ratio = figure(of_more.total() as f64 / of_less.total() as f64);
    // A call that may not be repeated is only cold.
    let state = match more.observed.settled().map(|part| part.state) {
        Some(State::Warm) => "Warm",
        _ => "Cold",
    };
    format!(
        "{state}, {} takes {ratio} times {}'s bytes, {} against {}, to carry {}: {}.",
        more.title(),
        less.title(),
        size(of_more.total()),
        size(of_less.total()),
        values(&of_more, &of_less),
        parts(&of_more, &of_less)
    )
}

/// What the caller wanted to say is the smallest part.
fn values(more: &Tally, less: &Tally) -> String {
    let (one, other) = (more.of(Role::Value), less.of(Role::Value));
    match one == other {
        true => format!("the same {} bytes of value", size(one)),
        false => format!("{} bytes of value against {}", size(one), size(other)),
    }
}

/// Every role but the values, the greatest difference first.
fn parts(more: &Tally, less: &Tally) -> String {
    let roles = Role::ALL.into_iter().filter(|role| *role != Role::Value);
    let mut roles: Vec<_> = roles
        .map(|role| (role, more.of(role), less.of(role)))
        .filter(|(_, one, other)| one + other > 0)
        .collect();
    roles.sort_by_key(|(_, one, other)| std::cmp::Reverse(one.abs_diff(*other)));
    let parts = roles
        .iter()
        .map(|(role, one, other)| format!("{} {} to {}", word(*role), size(*one), size(*other)));
    parts.collect::<Vec<_>>().join(", ")
}

/// A role in a word.
#[must_use]
pub fn word(role: Role) -> &'static str {
    match role {
        Role::Value => "value",
        Role::Encoding => "encoding",
        Role::Compressed => "compressed",
        Role::Headers => "headers",
        Role::Framing => "framing",
        Role::Setup => "set-up",
        Role::Unknown => "not understood",
    }
}

/// What a table that both ends keep makes of the same header fields.
fn saved_by_hpack(counted: &Counted<'_>) -> Option<String> {
    let (cold, warm) = (counted.cold.fields, counted.settled.fields);
    let title = counted.title();
    (warm.saved() > 0).then(|| {
        format!(
            "HPACK: {title}'s {} bytes of header fields took {} cold, and take {} warm.",
            size(warm.plain_bytes),
            size(cold.wire_bytes),
            size(warm.wire_bytes)
        )
    })
}

fn size(bytes: usize) -> String {
    thousands(bytes as u64)
}
