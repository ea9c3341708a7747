//! The model's types as JSON writes them, and back, service by service; arithmetic and greetings
//! need none. Members are named as the contract names them, timestamps are Unix seconds.

mod base64;
mod chat;
mod files;
mod integer;
mod metrics;
mod numbers;
mod stream;
mod users;
mod usuarios;

use serde::{Deserialize, Deserializer};

pub use self::base64::Base64;
pub use chat::*;
pub use files::*;
pub use integer::Integer;
pub use metrics::*;
pub use numbers::*;
pub use stream::{StreamItem, stream_item_from_wire, stream_item_to_wire};
pub use users::*;
pub use usuarios::*;

/// A member that may be left out, or null.
fn or_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Default + Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
