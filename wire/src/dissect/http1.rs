//! HTTP/1.1, RFC 9112: requests up, answers down, each a head and perhaps a body, one after the
//! other; until a `101 Switching Protocols` makes it WebSocket or HTTP/2.
//!
//! An answer can be read only by who knows its request, since a HEAD is answered without a body: so
//! the answers of a connection wait until their requests have been read.

mod body;
mod chunked;
mod fields;
mod framing;
mod head;
mod lines;
mod notes;
#[cfg(test)]
mod tests;
mod upgrade;

use std::collections::VecDeque;

use super::connection::{Input, Progress, Protocol, Read};
use super::content::Described;
use super::output::Output;
use super::row::{Row, recast};
use crate::dissection::{Head as HeadRecord, HeadKind};
use crate::recording::Direction;
use crate::span::{Layer, Role, Span};
use body::{Body, Step};
use framing::{Asked, Framing};
use head::{Head, Start};

/// Bytes of what is not kept whole that are told at a time.
const PIECE_BYTES: usize = 16 * 1024;

/// Characters of a request's target that are kept for its answer.
const PATH_CHARACTERS: usize = 4096;

/// Reads a connection.
#[derive(Debug, Default)]
pub struct Reader {
    sides: [Side; 2],
    /// Requests whose answers have not come, the oldest first.
    asked: VecDeque<Asked>,
    /// Requests after those, of which nothing is known but that they came.
    unfollowed: usize,
    /// The last request offered another protocol, and is not answered: which of them comes next from
    /// the client, nobody knows.
    undecided: bool,
}

/// One direction.
#[derive(Debug, Default)]
struct Side {
    state: State,
    /// Bytes of the unit at the front in which its end has been looked for.
    scanned: usize,
    /// Messages that have begun, interim answers left out.
    messages: u32,
}

/// What comes next.
#[derive(Debug, Default)]
enum State {
    #[default]
    Head,
    Body(Box<Body>),
    /// Nobody can tell where the next message begins.
    Lost,
}

impl Read for Reader {
    fn read(&mut self, input: Input<'_>, output: &mut Output) -> Progress {
        let side = &mut self.sides[input.direction.index()];
        let progress = match &mut side.state {
            State::Head => self.head(input, output),
            State::Body(body) => match body.read(&input, &mut side.scanned, output) {
                Step::NeedsMore => Progress::NeedsMore,
                Step::Took(spans) => Progress::Took(spans),
                Step::Done(spans) => {
                    side.state = State::Head;
                    Progress::Took(spans)
                }
                Step::Lost(spans) => {
                    body.cut_off(&input, output);
                    side.state = State::Lost;
                    Progress::Took(spans)
                }
            },
            State::Lost => lost(input),
        };
        if matches!(progress, Progress::Took(_) | Progress::Switch(..)) {
            self.sides[input.direction.index()].scanned = 0;
        }
        progress
    }

    fn ended(&mut self, input: Input<'_>, output: &mut Output) {
        let side = &mut self.sides[input.direction.index()];
        if let State::Body(mut body) = std::mem::take(&mut side.state) {
            body.cut_off(&input, output);
        }
    }
}

impl Reader {
    fn head(&mut self, input: Input<'_>, output: &mut Output) -> Progress {
        if self.waits(&input) {
            return Progress::AfterOther;
        }
        match lines::line_end(input.bytes) {
            None if !input.ended => return Progress::NeedsMore,
            Some(end @ 1..) => return Progress::Took(vec![empty_line(&input, end)]),
            None | Some(0) => (),
        }
        let side = &mut self.sides[input.direction.index()];
        let most = input.limits.message_bytes;
        let end = lines::head_end(input.bytes, &mut side.scanned);
        let end = match end.filter(|end| *end <= most) {
            Some(end) => end,
            None if input.bytes.len() > most => {
                return self.lose(
                    &input,
                    piece_bytes(&input),
                    "this head is longer than what is kept",
                );
            }
            None if input.ended => input.bytes.len(),
            None => return Progress::NeedsMore,
        };
        let is_request = input.direction == Direction::Up;
        let head = Head::read(&input.bytes[..end], input.start, input.buffer(), is_request);
        match head {
            None if is_request => {
                self.lose(&input, end, "a request begins with METHOD TARGET HTTP/1.x")
            }
            None => self.lose(
                &input,
                end,
                "an answer begins with HTTP/1.x and a status code",
            ),
            Some(head) => match head.start.clone() {
                Start::Request { method, target } => {
                    self.request(input, head, method, target, output)
                }
                Start::Response { status } => self.response(input, head, status, output),
            },
        }
    }

    /// Whether the other direction has to be read first.
    fn waits(&mut self, input: &Input<'_>) -> bool {
        let hopeless = input.other_ended
            || matches!(
                self.sides[input.direction.back().index()].state,
                State::Lost
            )
            || input.bytes.len() > input.limits.message_bytes;
        match input.direction {
            Direction::Up => {
                self.undecided &= !hopeless;
                self.undecided
            }
            Direction::Down => self.asked.is_empty() && self.unfollowed == 0 && !hopeless,
        }
    }

    fn request(
        &mut self,
        input: Input<'_>,
        mut head: Head,
        method: String,
        target: String,
        output: &mut Output,
    ) -> Progress {
        let framing = framing::of_request(&head);
        let mut path = target.clone();
        if path.len() > PATH_CHARACTERS {
            path.clear();
        }
        let asked = Asked {
            path: path.clone(),
            is_head: method == "HEAD",
            is_connect: method == "CONNECT",
            upgrade: upgrade::is_offered(&head),
        };
        if upgrade::to_websocket(&head) {
            recast(&mut head.span, Role::Setup);
        }
        if self.unfollowed > 0 || self.asked.len() >= input.limits.streams.max(1) {
            self.unfollowed += 1;
        } else {
            self.undecided = asked.upgrade || asked.is_connect;
            self.asked.push_back(asked);
        }
        let kind = HeadKind::Request {
            method,
            path: target,
        };
        self.begin(&input, kind, &head, path, framing, output);
        Progress::Took(vec![head.span])
    }

    fn response(
        &mut self,
        input: Input<'_>,
        mut head: Head,
        status: u16,
        output: &mut Output,
    ) -> Progress {
        let asked = self.asked.front().cloned().unwrap_or_default();
        let kind = HeadKind::Response { status };
        let switches = status == 101 && asked.upgrade;
        if switches || (asked.is_connect && (200..300).contains(&status)) {
            let exchange = self.sides[Direction::Down.index()].messages;
            let protocol = match switches {
                true => upgrade::protocol(&head, asked.path, exchange),
                false => Protocol::Unknown,
            };
            recast(&mut head.span, Role::Setup);
            self.record(&input, kind, &head, output);
            return Progress::Switch(vec![head.span], protocol);
        }
        if (100..200).contains(&status) {
            self.record(&input, kind, &head, output);
            return Progress::Took(vec![head.span]);
        }
        self.answered();
        let framing = framing::of_response(&head, status, &asked);
        self.begin(&input, kind, &head, asked.path, framing, output);
        Progress::Took(vec![head.span])
    }

    /// The oldest request has its final answer.
    fn answered(&mut self) {
        match self.asked.pop_front() {
            Some(asked) if asked.upgrade || asked.is_connect => self.undecided = false,
            Some(_) => (),
            None => self.unfollowed = self.unfollowed.saturating_sub(1),
        }
    }

    /// A message begins with that head.
    fn begin(
        &mut self,
        input: &Input<'_>,
        kind: HeadKind,
        head: &Head,
        path: String,
        framing: Framing,
        output: &mut Output,
    ) {
        self.record(input, kind, head, output);
        let side = &mut self.sides[input.direction.index()];
        let place = input.place(side.messages);
        side.messages = side.messages.saturating_add(1);
        side.state = match Body::begin(framing, described(head, path), place) {
            Some(body) => State::Body(Box::new(body)),
            None if framing == Framing::Lost => State::Lost,
            None => State::Head,
        };
    }

    fn record(&self, input: &Input<'_>, kind: HeadKind, head: &Head, output: &mut Output) {
        output.head(HeadRecord {
            place: input.place(self.sides[input.direction.index()].messages),
            kind,
            fields: head.fields.clone(),
            table: None,
        });
    }

    /// The first `take` bytes break that rule, and nobody can tell where what follows begins.
    fn lose(&mut self, input: &Input<'_>, take: usize, rule: &'static str) -> Progress {
        self.sides[input.direction.index()].state = State::Lost;
        Progress::Took(vec![Span::broken(input.first(take), Layer::Http1, rule)])
    }
}

fn described(head: &Head, path: String) -> Described {
    let encoding = match head.first("content-encoding") {
        "" => framing::coding_of_transfer(head),
        encoding => encoding.trim().to_ascii_lowercase(),
    };
    Described {
        media_type: head.first("content-type").to_string(),
        encoding,
        path,
    }
}

/// RFC 9112, section 2.2: servers skip an empty line before a request.
fn empty_line(input: &Input<'_>, end: usize) -> Span {
    let mut row = Row::new(input.start, Layer::Http1, Role::Framing);
    row.lay(end, "empty line", "", "");
    row.breaks("no line is empty before a head, though servers skip it (RFC 9112, section 2.2)");
    row.within("between messages")
}

/// In pieces whose sizes do not depend on how the bytes came.
fn lost(input: Input<'_>) -> Progress {
    let want = piece_bytes(&input);
    if input.bytes.len() < want && !input.ended {
        return Progress::NeedsMore;
    }
    let range = input.first(want.min(input.bytes.len()));
    let span = Span::new(range, Layer::Http1, Role::Unknown, "not understood")
        .note("after bytes that break HTTP's rules, nobody can tell where the next message begins");
    Progress::Took(vec![span])
}

/// Bytes of a piece of what is not kept whole.
fn piece_bytes(input: &Input<'_>) -> usize {
    PIECE_BYTES.min(input.limits.message_bytes).max(1)
}

/// Characters of the longest method that is waited for; the registry's longest has 17
/// (`UPDATEREDIRECTREF`, RFC 4437).
const METHOD_CHARACTERS: usize = 32;

/// Whether a connection whose client begins so may speak HTTP/1.1: a method and a space. `None` where
/// only more bytes can tell.
#[must_use]
pub fn begins(first: &[u8]) -> Option<bool> {
    let letters = first.iter().take_while(|byte| byte.is_ascii_uppercase());
    let method = letters.take(METHOD_CHARACTERS + 1).count();
    match first.get(method) {
        _ if method > METHOD_CHARACTERS => Some(false),
        None => None,
        Some(next) => Some(method > 0 && *next == b' '),
    }
}
