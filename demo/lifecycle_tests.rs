//! The life of a call over a socket: given up, late, panicking, cut off by a server that closes,
//! and what each end learns of the other. Each room's `tests/lifecycle.rs` includes this file and
//! says how the room serves and connects. Every step has a limit of time, so no test can hang.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "lifecycle_tests/closing.rs"]
mod closing;
#[path = "lifecycle_tests/deadlines.rs"]
mod deadlines;
#[path = "lifecycle_tests/exchange.rs"]
mod exchange;
#[path = "lifecycle_tests/faults.rs"]
mod faults;
#[path = "lifecycle_tests/giving_up.rs"]
mod giving_up;
#[path = "lifecycle_tests/recording.rs"]
mod recording;
#[path = "lifecycle_tests/serving.rs"]
mod serving;

use services::model::NumberRange;

use super::ROOM;

/// What a room says of itself.
pub(crate) struct Room {
    /// The schemes that its client speaks; every scenario runs over each.
    pub(crate) schemes: &'static [&'static str],
    pub(crate) serve: demo::Serve,
    pub(crate) connect: demo::Connect,
    /// Bytes of the messages of `add(2, 3)`, up and down.
    pub(crate) add_bytes: (u64, u64),
    /// Whether its numbers can be infinite or NaN; where not, such a result is `Internal`.
    pub(crate) carries_not_finite: bool,
    /// The schemes over which the items of a stream are asked for in calls. A server may close
    /// between two of them: the next finds it gone, so it cannot tell that it is closing.
    pub(crate) streams_in_separate_calls: &'static [&'static str],
    /// The schemes over which the items of an upload are sent in calls. A client that has none to
    /// send learns with the next that the server has closed.
    pub(crate) uploads_in_separate_calls: &'static [&'static str],
}

const RANGE: NumberRange = NumberRange { start: 1, end: 9 };
