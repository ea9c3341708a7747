//! From dissections to what the page's script is given.

use std::collections::{BTreeMap, BTreeSet};

use super::capture::{Capture, Node, Part as Given, Shown, Wire};
use super::legend::{LAYERS, derivation_word, layer_word, role_word, way_word};
use super::parts::{Part, Parts};
use super::words::Words;
use super::{Call, Page};
use crate::dissection::Derivation;
use crate::ledger::{Ledger, Tally};
use crate::recording::Direction;
use crate::span::{Certainty, Role, Span};

/// Everything that the page shows.
pub(super) fn gather<'a>(page: &Page<'a>) -> Capture<'a> {
    let all: Vec<Parts<'a>> = page.calls.iter().map(parts).collect();
    let names = named(page, &all);
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

/// Names of fields by path, for each direction of a call.
type Names<'a> = [BTreeMap<&'a str, String>; 2];

fn named<'a>(page: &Page<'_>, all: &[Parts<'a>]) -> Vec<Names<'a>> {
    let paths = |way| move |parts: &Parts<'a>| value_paths(parts, way);
    let answers: Vec<_> = all.iter().map(paths(Direction::Down)).collect();
    let answers = page.names.answers(&answers);
    let requests = all.iter().map(paths(Direction::Up)).map(|paths| {
        let named = paths
            .into_iter()
            .map(|path| (path, page.names.parameter(path)));
        named.collect()
    });
    requests.zip(answers).map(|(up, down)| [up, down]).collect()
}

/// Paths of all values that went that way, without what is not shown.
fn value_paths<'a>(parts: &Parts<'a>, way: Direction) -> Vec<&'a str> {
    let there = parts.parts.iter().filter(|part| part.way == way);
    let paths = there.flat_map(|part| {
        let spans = part.buffer.spans.iter();
        let shown = spans.filter(|span| overlap(span, part) > 0);
        shown
            .flat_map(Span::leaves)
            .filter_map(|leaf| leaf.path.as_deref())
    });
    paths.collect::<BTreeSet<_>>().into_iter().collect()
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
    fn shown<'a>(&mut self, call: &'a Call<'a>, parts: Parts<'a>, names: &Names<'a>) -> Shown<'a> {
        let ledger = Ledger::of(call.dissection, &call.excerpt);
        let given = parts.parts.iter().map(|part| self.given(part, names));
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

    fn given<'a>(&mut self, part: &Part<'a>, names: &Names<'_>) -> Given<'a> {
        let shown = part.range.start..part.range.start + part.shown;
        let names = &names[part.way.index()];
        let derivation = part.made.as_ref().map(|(by, _)| *by);
        Given {
            title: &part.buffer.title,
            way: way_word(part.way),
            start: part.range.start,
            length: part.range.len(),
            hex: hex(part.buffer.slice(shown)),
            spans: self.nodes(&part.buffer.spans, part, names),
            by: derivation.map(derivation_word),
            keeps: derivation.is_some_and(Derivation::keeps_bytes),
            from: part
                .made
                .as_ref()
                .map_or_else(Vec::new, |(_, from)| from.clone()),
        }
    }

    fn nodes(
        &mut self,
        spans: &[Span],
        part: &Part<'_>,
        names: &BTreeMap<&str, String>,
    ) -> Vec<Node> {
        let first = spans.partition_point(|span| span.range.end <= part.range.start);
        let shown = spans[first..]
            .iter()
            .map(|span| (span, overlap(span, part)));
        let shown = shown.take_while(|(_, length)| *length > 0);
        let nodes = shown.map(|(span, length)| self.node(span, length, part, names));
        nodes.collect()
    }

    fn node(
        &mut self,
        span: &Span,
        length: usize,
        part: &Part<'_>,
        names: &BTreeMap<&str, String>,
    ) -> Node {
        let path = span.path.as_deref().unwrap_or_default();
        Node(
            length,
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
