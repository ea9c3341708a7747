//! Which values are named together: those of one body, one frame, one derived buffer.

use std::collections::{BTreeMap, BTreeSet};

use super::names::FieldNames;
use super::parts::{Part, Parts};
use crate::recording::Direction;
use crate::span::{Layer, Span};

/// Names of one message's fields, by their paths.
pub(super) type Names<'a> = BTreeMap<&'a str, String>;

/// One message of one part.
#[derive(Debug)]
struct Message<'a> {
    way: Direction,
    /// Where it began among what the socket carried: part, offset.
    at: (usize, usize),
    paths: Vec<&'a str>,
    /// Whether it is in a format that may give parameters by position, so that it is a request even
    /// where it has none.
    is_document: bool,
}

/// Names for each call, for each of its parts, for each message in it. A recorded part has a message
/// for each of its shown units, a derived one is a message.
pub(super) fn named<'a>(calls: &[Parts<'a>], names: &FieldNames) -> Vec<Vec<Vec<Names<'a>>>> {
    let messages: Vec<_> = calls.iter().map(messages).collect();
    let answers: Vec<_> = messages.iter().map(|parts| answers(parts)).collect();
    let answers = names.answers(&answers);
    let calls = messages.into_iter().zip(answers);
    calls
        .map(|(parts, answers)| spread(parts, answers, names))
        .collect()
}

fn messages<'a>(parts: &Parts<'a>) -> Vec<Vec<Message<'a>>> {
    let all = parts.parts.iter().enumerate().map(|(place, part)| {
        let message = |at, spans: &'a [Span]| Message {
            way: part.way,
            at,
            paths: paths(spans),
            is_document: leaves(spans).any(|leaf| matches!(leaf.layer, Layer::Xml | Layer::Json)),
        };
        let shown = part.spans();
        if part.made.is_some() {
            return vec![message(carried(parts, place, 0), shown)];
        }
        let units = shown.iter().map(|unit| {
            let offset = unit.range.start.saturating_sub(part.range.start);
            message((place, offset), std::slice::from_ref(unit))
        });
        units.collect()
    });
    all.collect()
}

fn paths(spans: &[Span]) -> Vec<&str> {
    let paths: BTreeSet<&str> = leaves(spans)
        .filter_map(|leaf| leaf.path.as_deref())
        .collect();
    paths.into_iter().collect()
}

fn leaves(spans: &[Span]) -> impl Iterator<Item = &Span> {
    spans.iter().flat_map(Span::leaves)
}

/// Where the socket carried the first byte of which that part is made.
fn carried(parts: &Parts<'_>, place: usize, offset: usize) -> (usize, usize) {
    let from = parts.parts[place].made.as_ref();
    let first =
        from.and_then(|(_, from)| from.iter().find_map(|(part, at, _)| Some(((*part)?, *at))));
    match first {
        // Parents stand before what is made of them, so that this comes to an end.
        Some((parent, at)) if parent < place => carried(parts, parent, at),
        _ => (place, offset),
    }
}

/// Paths of each message of the answer that has any.
fn answers<'a>(parts: &[Vec<Message<'a>>]) -> Vec<Vec<&'a str>> {
    let down = parts.iter().flatten().filter(|message| message.is_answer());
    down.map(|message| message.paths.clone()).collect()
}

impl Message<'_> {
    fn is_answer(&self) -> bool {
        self.way == Direction::Down && !self.paths.is_empty()
    }

    fn is_request(&self) -> bool {
        self.way == Direction::Up && self.is_document
    }
}

/// Gives each message its names; `answers` has those of the ones that answer, in their order.
fn spread<'a>(
    parts: Vec<Vec<Message<'a>>>,
    answers: Vec<Names<'a>>,
    names: &FieldNames,
) -> Vec<Vec<Names<'a>>> {
    // Where one call takes several requests, the later ones are the protocol's own: they fetch what
    // follows, and their parameters are none of the caller's.
    let requests = parts
        .iter()
        .flatten()
        .filter(|message| message.is_request());
    let first = requests.map(|message| message.at).min();
    let mut answers = answers.into_iter();
    let mut name = |message: Message<'a>| match message.way {
        Direction::Down if message.is_answer() => answers.next().unwrap_or_default(),
        Direction::Down => Names::new(),
        Direction::Up => request(&message, first, names),
    };
    let named = parts
        .into_iter()
        .map(|part| part.into_iter().map(&mut name).collect());
    named.collect()
}

fn request<'a>(
    message: &Message<'a>,
    first: Option<(usize, usize)>,
    names: &FieldNames,
) -> Names<'a> {
    let is_later = message.is_request() && first != Some(message.at);
    let name = |path: &str| match is_later {
        true => path.to_owned(),
        false => names.parameter(path),
    };
    let paths = message.paths.iter();
    paths.map(|path| (*path, name(path))).collect()
}

impl<'a> Part<'a> {
    /// The outermost spans of which something is shown.
    pub(super) fn spans(&self) -> &'a [Span] {
        let spans = &self.buffer.spans;
        let first = spans.partition_point(|span| span.range.end <= self.range.start);
        let end = self.range.start + self.shown;
        let last = spans.partition_point(|span| span.range.start < end);
        spans.get(first..last).unwrap_or_default()
    }
}
