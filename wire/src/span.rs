//! A span: some bytes of a buffer, what they are, what they say, and a sentence that explains.

use std::borrow::Cow;
use std::ops::Range;

use serde::Serialize;

/// Some bytes, explained. Spans without children are leaves; the leaves of a buffer tile it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    /// Where in its buffer; a recorded buffer counts from the connection's first byte in that
    /// direction. Never empty.
    pub range: Range<usize>,
    /// Which format gives the bytes their meaning.
    pub layer: Layer,
    /// What the bytes are there for. Of a span with children it says little: sums go over leaves.
    pub role: Role,
    /// The standard's or Wireshark's word for it: `length`, `flags`, `:path`, `opcode`.
    pub name: Cow<'static, str>,
    /// What the bytes say, decoded, as the sender meant it: not escaped, so a view has to. At most
    /// [`VALUE_CHARACTERS`], and empty where there is nothing to say.
    pub value: String,
    /// A sentence that explains, with its source where it has one: `RFC 9113, section 4.1`.
    pub note: Cow<'static, str>,
    /// How sure the dissector is.
    pub certainty: Certainty,
    /// Where in its message a value stands: member names and list indices with dots between,
    /// `params.0`, `user.roles.1`. Only leaves with [`Role::Value`] have one.
    pub path: Option<Box<str>>,
    /// Empty, or spans that tile `range` in order.
    pub children: Vec<Span>,
}

/// Characters of a value that a span keeps at most.
pub const VALUE_CHARACTERS: usize = 256;

/// Which format gives bytes their meaning; a colour each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// HTTP/1.1, RFC 9112: start lines, header fields, chunks.
    Http1,
    /// WebSocket frames, RFC 6455.
    WebSocket,
    /// HTTP/2 frames, RFC 9113.
    Http2,
    /// Compressed header fields, RFC 7541.
    Hpack,
    /// gRPC's message prefix.
    Grpc,
    /// Protocol Buffers.
    Protobuf,
    /// XML, and XML-RPC in it.
    Xml,
    /// JSON, and JSON-RPC in it.
    Json,
    /// Server-sent events.
    Sse,
    /// gzip, RFC 1952.
    Gzip,
    /// Text without a structure that a dissector knows.
    Text,
    /// Bytes that no dissector understands.
    Unknown,
}

/// What bytes are there for: the columns of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// What the caller wanted to say: digits, text, the bytes of a number.
    Value,
    /// How the message says it: tags, quotes, commas, member names, field numbers, the method's
    /// name inside of the message.
    Encoding,
    /// Header fields, start lines, compressed header blocks with what is in them.
    Headers,
    /// Where messages begin and end: frame heads, lengths, masks, chunk sizes, padding.
    Framing,
    /// What the connection needs for itself and not for this call: preface, settings, window
    /// updates, pings, the handshake of WebSocket.
    Setup,
    /// Values and encoding in one, since compression has mixed them.
    Compressed,
    /// Bytes that no dissector understands.
    Unknown,
}

impl Role {
    /// All of them, in the order of the ledger's columns.
    pub const ALL: [Self; 7] = [
        Self::Value,
        Self::Encoding,
        Self::Compressed,
        Self::Headers,
        Self::Framing,
        Self::Setup,
        Self::Unknown,
    ];
}

/// How sure a dissector is of what a span says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// The format says so.
    Sure,
    /// The bytes allow more than one reading, and this is the likeliest.
    Guess,
    /// The bytes break the format's rules; the note tells which.
    Broken,
}

impl Span {
    /// A leaf of which nothing more is said yet.
    #[must_use]
    pub fn new(
        range: Range<usize>,
        layer: Layer,
        role: Role,
        name: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            range,
            layer,
            role,
            name: name.into(),
            value: String::new(),
            note: Cow::Borrowed(""),
            certainty: Certainty::Sure,
            path: None,
            children: Vec::new(),
        }
    }

    /// Bytes that break the rules of `layer`, with the rule.
    #[must_use]
    pub fn broken(range: Range<usize>, layer: Layer, rule: impl Into<Cow<'static, str>>) -> Self {
        let span = Self::new(range, layer, Role::Unknown, "not understood").note(rule);
        Self {
            certainty: Certainty::Broken,
            ..span
        }
    }

    /// What the bytes say; cut to [`VALUE_CHARACTERS`].
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        if let Some((end, _)) = self.value.char_indices().nth(VALUE_CHARACTERS) {
            self.value.truncate(end);
            self.value.push('…');
        }
        self
    }

    /// A sentence that explains.
    #[must_use]
    pub fn note(mut self, note: impl Into<Cow<'static, str>>) -> Self {
        self.note = note.into();
        self
    }

    /// The likeliest of several readings.
    #[must_use]
    pub fn guessed(mut self) -> Self {
        self.certainty = Certainty::Guess;
        self
    }

    /// Where in its message this value stands.
    #[must_use]
    pub fn at(mut self, path: impl Into<Box<str>>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// What it is made of: spans that tile its range.
    #[must_use]
    pub fn children(mut self, children: Vec<Span>) -> Self {
        self.children = children;
        self
    }

    /// Its leaves, in the order of their bytes; itself, where it is one.
    pub fn leaves(&self) -> impl Iterator<Item = &Span> {
        let mut waiting = vec![self];
        std::iter::from_fn(move || {
            let mut span = waiting.pop()?;
            while !span.children.is_empty() {
                waiting.extend(span.children[1..].iter().rev());
                span = &span.children[0];
            }
            Some(span)
        })
    }

    /// The spans from this one down to the leaf that holds that byte; empty where it is not in here.
    #[must_use]
    pub fn down_to(&self, byte: usize) -> Vec<&Span> {
        let mut found = Vec::new();
        let mut next = Some(self).filter(|span| span.range.contains(&byte));
        while let Some(span) = next {
            found.push(span);
            next = span
                .children
                .iter()
                .find(|child| child.range.contains(&byte));
        }
        found
    }
}

/// Whether spans tile a range: in order, without gap, overlap or emptiness, each one's children too.
///
/// # Errors
/// The first place that is not tiled, in words.
pub fn tiles(spans: &[Span], range: Range<usize>) -> Result<(), String> {
    let mut next = range.start;
    for span in spans {
        if span.range.start != next || span.range.is_empty() {
            let name = &span.name;
            return Err(format!(
                "{name} at {:?}, where {next} was to begin",
                span.range
            ));
        }
        if !span.children.is_empty() {
            tiles(&span.children, span.range.clone())
                .map_err(|inside| format!("in {}: {inside}", span.name))?;
        }
        next = span.range.end;
    }
    match next == range.end {
        true => Ok(()),
        false => Err(format!("tiled to {next} of {}", range.end)),
    }
}
