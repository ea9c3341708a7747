//! XML-RPC's documents, strictly: bytes in, `dxr`'s values out, and back.
//!
//! dxr's own reader goes through serde, forgets why a document was refused and accepts much that
//! is wrong; so this one reads quick-xml's events straight into [`dxr::Value`], and says of every
//! refusal which class it belongs to. A document is checked in this order: encoding, characters,
//! declaration, well-formedness, the shape of XML-RPC, the values.

mod characters;
mod document;
mod error;
mod number;
mod reader;
mod scalar;
mod time;
mod tokens;
mod writer;

#[cfg(test)]
mod tests;

pub use characters::first_illegal;
pub(crate) use document::is_supported_encoding;
pub use error::{Class, DecodeError, EncodeError};
pub use reader::{Reply, read_call, read_reply};
pub use time::{date_time_from_unix, unix_from_date_time};
pub use writer::{carriable, replaced, size, write_call, write_fault, write_reply};

/// How deep values may nest. No operation needs more than three, and a reader that follows any
/// depth can be made to exhaust its stack.
pub const MAX_DEPTH: usize = 64;
