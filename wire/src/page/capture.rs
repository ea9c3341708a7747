//! What the page's script is given: plain records, in JSON in the page itself. Texts are places in
//! [`Capture::words`], so that a page of many spans stays small.

use serde::Serialize;

/// Everything that the page shows.
#[derive(Debug, Serialize)]
pub(super) struct Capture<'a> {
    pub(super) title: &'a str,
    pub(super) layers: [LayerWord; 12],
    /// In the order of `Role::ALL`.
    pub(super) roles: [RoleWord; 7],
    /// The first is the empty one.
    pub(super) words: Vec<String>,
    /// Names of fields that are the same in all protocols; a place in `words` each.
    pub(super) fields: Vec<usize>,
    pub(super) wires: Vec<Wire<'a>>,
}

/// How the page calls a layer.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct LayerWord {
    /// The name of its style.
    pub(super) key: &'static str,
    pub(super) name: &'static str,
}

/// How the page calls a role.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct RoleWord {
    pub(super) key: &'static str,
    pub(super) name: &'static str,
    /// What belongs to it, in a few words.
    pub(super) about: &'static str,
}

/// One column: a protocol with its calls.
#[derive(Debug, Serialize)]
pub(super) struct Wire<'a> {
    pub(super) name: &'a str,
    pub(super) calls: Vec<Shown<'a>>,
}

/// One call.
#[derive(Debug, Serialize)]
pub(super) struct Shown<'a> {
    /// `cold`, `warm` or `whole`.
    pub(super) state: &'static str,
    pub(super) title: &'a str,
    /// Bytes by role, client to server.
    pub(super) up: [usize; 7],
    /// Bytes by role, server to client.
    pub(super) down: [usize; 7],
    /// Bytes that HPACK saved.
    pub(super) saved: i64,
    pub(super) parts: Vec<Part<'a>>,
    pub(super) left_out: LeftOut,
}

/// What is not shown since there is too much of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(super) struct LeftOut {
    /// Pieces of what the socket carried that are left out whole.
    pub(super) pieces: usize,
    /// Their bytes.
    pub(super) bytes: usize,
    /// Derived buffers that are left out whole.
    pub(super) derived: usize,
}

/// A run of bytes: what went one way at a time, or a derived buffer.
#[derive(Debug, Serialize)]
pub(super) struct Part<'a> {
    pub(super) title: &'a str,
    /// `up` or `down`; a derived buffer goes where the bytes went that it is made of.
    pub(super) way: &'static str,
    /// Place of the first byte in its buffer.
    pub(super) start: usize,
    /// Bytes there are, of which `hex` may show the first only.
    pub(super) length: usize,
    pub(super) hex: String,
    /// Tile `start..start + length`, as far as `hex` goes.
    pub(super) spans: Vec<Node>,
    /// `None` for what a socket carried.
    pub(super) by: Option<&'static str>,
    /// Whether each byte stands for just one of `from`, in order.
    pub(super) keeps: bool,
    /// Part, offset in that part, length; whichever bytes of a parent are in no part have `None`.
    pub(super) from: Vec<(Option<usize>, usize, usize)>,
}

/// A span: length, layer, role, name, value, note, certainty, field (or −1), path, children.
#[derive(Debug, Serialize)]
pub(super) struct Node(
    pub(super) usize,
    pub(super) usize,
    pub(super) usize,
    pub(super) usize,
    pub(super) usize,
    pub(super) usize,
    pub(super) usize,
    pub(super) i64,
    pub(super) usize,
    pub(super) Vec<Node>,
);
