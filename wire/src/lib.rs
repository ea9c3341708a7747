//! Sees every byte of a remote procedure call, whoever made it: records what passes between a client
//! and a server, and explains it from the bytes alone. Knows no room and no library of one.
//!
//! Read in this order:
//!
//! 1. [`recording`]: what passed, when and in which direction.
//!    [`tap`] is the proxy that records it, and [`pcapng`] writes it down for Wireshark.
//! 2. [`span`] and [`dissection`]: the tree of buffers, and the spans that tile each of them.
//! 3. [`dissect`]: the dissectors, a file a protocol.
//! 4. [`seen`] and [`ledger`]: recorded bytes seen through what was made of them, and where they went.
//! 5. [`view`]: all that for a terminal, as annotated hex, tree, text, table; [`json`]: for programs.
//! 6. [`page`]: the bytes of a call over several protocols, as a page for a browser.
#![doc = include_str!("../README.md")]

pub mod dissect;
pub mod dissection;
pub mod json;
pub mod ledger;
pub mod page;
pub mod pcapng;
pub mod recording;
pub mod seen;
pub mod span;
pub mod tap;
pub mod view;

pub use dissect::{Dissector, Knowledge, Limits};
pub use dissection::{Buffer, BufferId, Derivation, Dissection, Excerpt, Origin, Piece};
pub use ledger::{Ledger, Tally};
pub use recording::{Chunk, Direction, Event, EventKind, RecordedConnection, Recording};
pub use seen::{Seen, Sight};
pub use span::{Certainty, Layer, Role, Span};
pub use tap::{Link, Stall, StallAt, Tap, TapOptions};
pub use view::{Colour, View};
