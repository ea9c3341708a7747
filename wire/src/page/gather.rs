//! From dissections to what the page's script is given.

use super::capture::{Capture, Node, Part as Given, Shown, Wire};
use super::legend::{LAYERS, derivation_word, layer_word, role_word, way_word};
use super::messages::{Names, named};
use super::parts::{Part, Parts};
use super::words::Words;
use super::{Call, Page};
use crate::dissection::Derivation;
use crate::ledger::{Ledger, Tally};
use crate::span::{Certainty, Role, Span};

/// Everything that the page shows.
pub(super) fn gather<'a>(page: &Page<'a>) -> Capture<'a> {
    let all: Vec<Parts<'a>> = page.calls.iter().map(parts).collect();
    let names = named(&all, page.names);
    let mut texts = Texts {
        words: Words::new(),
        fields: Words::new(),
    };
    let mut wires: Vec<Wire<'a>> = Vec::new();
    for ((call, parts), names) in page.calls.iter().zip(all).zip(&names) {
        let shown = texts.shown(call, parts, names);
        let known = wires.iter_mut().find(|wire| wire.name == call.protocol);
        match known {
            Some(wire) => wire.calls.push(shown),
            None => wires.push(Wire {
                name: &call.protocol,
                calls: vec![shown],
            }),
        }
    }
    let fields = texts.fields.into_texts();
    // The first is the empty one, which no field has.
    let fields = fields[1..].iter().map(|name| texts.words.place(name));
    Capture {
        title: page.title,
        layers: LAYERS.map(layer_word),
        roles: Role::ALL.map(role_word),
        fields: fields.collect(),
        words: texts.words.into_texts(),
        wires,
    }
}

fn parts<'a>(call: &Call<'a>) -> Parts<'a> {
    Parts::of(call.dissection, &call.excerpt)
}

/// Bytes of a span that belong to a part.
fn overlap(span: &Span, part: &Part<'_>) -> usize {
    let from = span.range.start.max(part.range.start);
    let to = span.range.end.min(part.range.end);
    let is_shown = from < part.range.start + part.shown;
    if is_shown { to.saturating_sub(from) } else { 0 }
}

#[derive(Debug)]
struct Texts {
    words: Words,
    fields: Words,
}

impl Texts {
    fn shown<'a>(
        &mut self,
        call: &'a Call<'a>,
        parts: Parts<'a>,
        names: &[Vec<Names<'_>>],
    ) -> Shown<'a> {
        let ledger = Ledger::of(call.dissection, &call.excerpt);
        let given = parts.parts.iter().zip(names);
        let given = given.map(|(part, names)| self.given(part, names));
        Shown {
            state: call.state.word(),
            title: &call.excerpt.title,
            parts: given.collect(),
            up: by_role(&ledger.up),
            down: by_role(&ledger.down),
            saved: ledger.fields.saved(),
            left_out: parts.left_out,
        }
    }

    fn given<'a>(&mut self, part: &Part<'a>, names: &[Names<'_>]) -> Given<'a> {
        let shown = part.range.start..part.range.start + part.shown;
        let derivation = part.made.as_ref().map(|(by, _)| *by);
        Given {
            title: &part.buffer.title,
            way: way_word(part.way),
            start: part.range.start,
            length: part.range.len(),
            hex: hex(part.buffer.slice(shown)),
            spans: self.units(part, names),
            by: derivation.map(derivation_word),
            keeps: derivation.is_some_and(Derivation::keeps_bytes),
            from: part
                .made
                .as_ref()
                .map_or_else(Vec::new, |(_, from)| from.clone()),
        }
    }

    /// The outermost spans, each with the names of its message; the last names go on.
    fn units(&mut self, part: &Part<'_>, names: &[Names<'_>]) -> Vec<Node> {
        let none = Names::new();
        let last = names.last().unwrap_or(&none);
        let names = names.iter().chain(std::iter::repeat(last));
        let units = part.spans().iter().zip(names);
        let nodes = units.map(|(unit, names)| self.node(unit, part, names));
        nodes.collect()
    }

    fn nodes(&mut self, spans: &[Span], part: &Part<'_>, names: &Names<'_>) -> Vec<Node> {
        let first = spans.partition_point(|span| span.range.end <= part.range.start);
        let shown = spans[first..].iter();
        let shown = shown.take_while(|span| overlap(span, part) > 0);
        shown.map(|span| self.node(span, part, names)).collect()
    }

    fn node(&mut self, span: &Span, part: &Part<'_>, names: &Names<'_>) -> Node {
        let path = span.path.as_deref().unwrap_or_default();
        Node(
            overlap(span, part),
            LAYERS
                .iter()
                .position(|layer| *layer == span.layer)
                .unwrap_or_default(),
            Role::ALL
                .iter()
                .position(|role| *role == span.role)
                .unwrap_or_default(),
            self.words.place(&span.name),
            self.words.place(&span.value),
            self.words.place(&span.note),
            certainty(span.certainty),
            self.field(names.get(path).map(String::as_str)),
            self.words.place(path),
            self.nodes(&span.children, part, names),
        )
    }

    /// A field's place in the page's list, −1 for none.
    fn field(&mut self, name: Option<&str>) -> i64 {
        let place = name.map(|name| self.fields.place(name));
        // The empty name is the first.
        place
            .and_then(|place| i64::try_from(place).ok())
            .map_or(-1, |place| place - 1)
    }
}

fn certainty(certainty: Certainty) -> usize {
    match certainty {
        Certainty::Sure => 0,
        Certainty::Guess => 1,
        Certainty::Broken => 2,
    }
}

fn by_role(tally: &Tally) -> [usize; 7] {
    Role::ALL.map(|role| tally.of(role))
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}
