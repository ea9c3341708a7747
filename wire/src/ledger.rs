//! The ledger: where the bytes of a call went. It counts what the socket carried, each byte once, and
//! never what was made of it; derived buffers only tell what a recorded byte is there for.

use std::ops::AddAssign;

use serde::ser::{Serialize, Serializer};

use crate::dissection::{Dissection, Excerpt, Piece};
use crate::recording::Direction;
use crate::seen::{Seen, Sight};
use crate::span::Role;

/// Bytes by what they are there for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// In the order of [`Role::ALL`].
    bytes: [usize; Role::ALL.len()],
}

/// Where the bytes of an excerpt went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Ledger {
    /// From the client to the server.
    pub up: Tally,
    /// From the server to the client.
    pub down: Tally,
    /// What its header fields took, both directions.
    pub fields: FieldBytes,
}

/// What header fields took on the wire, against what HTTP/1.1 would have needed for them. The start
/// line is not among them, the pseudo-headers of HTTP/2 are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct FieldBytes {
    /// On the wire, so after HPACK where it is at work.
    pub wire_bytes: usize,
    /// As text: name, colon, space, value, line end.
    pub plain_bytes: usize,
}

impl FieldBytes {
    /// Bytes that HPACK saved; of HTTP/1.1 none. Negative where its encoder spent more than the text
    /// takes, which the format allows.
    #[must_use]
    pub fn saved(self) -> i64 {
        let signed = |bytes| i64::try_from(bytes).unwrap_or(i64::MAX);
        signed(self.plain_bytes) - signed(self.wire_bytes)
    }
}

impl Tally {
    /// Bytes of that role.
    #[must_use]
    pub fn of(&self, role: Role) -> usize {
        self.bytes[place(role)]
    }

    /// Bytes of every role.
    #[must_use]
    pub fn total(&self) -> usize {
        self.bytes.iter().sum()
    }

    /// Counts so many more.
    pub fn add(&mut self, role: Role, bytes: usize) {
        self.bytes[place(role)] += bytes;
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        for role in Role::ALL {
            self.add(role, other.of(role));
        }
    }
}

impl Serialize for Tally {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Role::ALL.map(|role| (role, self.of(role))))
    }
}

impl Ledger {
    /// Counts an excerpt. To count several of one dissection, make its [`Sight`] once and take
    /// [`Ledger::counted`].
    #[must_use]
    pub fn of(dissection: &Dissection, excerpt: &Excerpt) -> Self {
        Self::counted(&Sight::of(dissection), excerpt)
    }

    /// Counts an excerpt. The total is the length of its pieces; bytes that the dissection does not
    /// have (any more) count as [`Role::Unknown`], and pieces of derived buffers not at all.
    #[must_use]
    pub fn counted(sight: &Sight<'_>, excerpt: &Excerpt) -> Self {
        let mut ledger = Self::default();
        for piece in &excerpt.pieces {
            if let Some(direction) = piece.buffer.direction() {
                *ledger.side(direction) += tally(sight, piece);
            }
        }
        ledger.fields = fields(sight.dissection(), excerpt);
        ledger
    }

    /// Both directions.
    #[must_use]
    pub fn both(&self) -> Tally {
        let mut both = self.up;
        both += self.down;
        both
    }

    /// One direction.
    #[must_use]
    pub fn way(&self, direction: Direction) -> &Tally {
        match direction {
            Direction::Up => &self.up,
            Direction::Down => &self.down,
        }
    }

    fn side(&mut self, direction: Direction) -> &mut Tally {
        match direction {
            Direction::Up => &mut self.up,
            Direction::Down => &mut self.down,
        }
    }
}

impl AddAssign for Ledger {
    fn add_assign(&mut self, other: Self) {
        self.up += other.up;
        self.down += other.down;
        self.fields.wire_bytes += other.fields.wire_bytes;
        self.fields.plain_bytes += other.fields.plain_bytes;
    }
}

fn place(role: Role) -> usize {
    let place = Role::ALL.iter().position(|known| *known == role);
    place.expect("ALL has every role")
}

fn tally(sight: &Sight<'_>, piece: &Piece) -> Tally {
    let mut tally = Tally::default();
    for seen in sight.seen(piece.buffer, piece.range.clone()) {
        tally.add(role(&seen), seen.range.len());
    }
    let missing = piece.range.len().saturating_sub(tally.total());
    tally.add(Role::Unknown, missing);
    tally
}

/// What recorded bytes count as: compressed data hides which of it is value.
fn role(seen: &Seen<'_>) -> Role {
    match (seen.inflated, seen.span.role) {
        (true, Role::Value | Role::Encoding | Role::Unknown) => Role::Compressed,
        (_, role) => role,
    }
}

/// The header fields whose first byte is in the excerpt.
fn fields(dissection: &Dissection, excerpt: &Excerpt) -> FieldBytes {
    let mut bytes = FieldBytes::default();
    for field in dissection.heads.iter().flat_map(|head| &head.fields) {
        let recorded = dissection.recorded_from(&field.at);
        let inside = recorded.first().is_some_and(|first| {
            let holds = |piece: &Piece| {
                piece.buffer == first.buffer && piece.range.contains(&first.range.start)
            };
            excerpt.pieces.iter().any(holds)
        });
        if inside {
            bytes.wire_bytes += field.wire_bytes;
            bytes.plain_bytes += field.plain_bytes;
        }
    }
    bytes
}

#[cfg(test)]
mod tests;
