//! The names of what lies in Redis. The README shows each with its content.

/// The format of the rest, a number.
pub(super) const FORMAT: &str = "trivium:format";

/// A set of all ids, sorted by themselves.
pub(super) const USERS: &str = "trivium:users";
/// The last id that was given; it is never lowered, so that no id is given twice.
pub(super) const LAST_ID: &str = "trivium:users:last_id";
/// A hash from what `services::store::email_key` makes of an address to the id.
pub(super) const BY_EMAIL: &str = "trivium:users:by_email";
/// A hash from the external id to the id.
pub(super) const BY_EXTERNAL_ID: &str = "trivium:users:by_external_id";
/// Before the id of a user: a hash with its fields. The scripts that list users have it as an
/// argument, so that it stands here only.
pub(super) const USER: &str = "trivium:user:";

/// A stream of the last messages, each with the id `<sequence>-0`.
pub(super) const CHAT: &str = "trivium:chat";
/// A hash from a sender and its own id for a message to the sequence number, of those kept.
pub(super) const CHAT_IDS: &str = "trivium:chat:ids";
/// Who is in the room: a set of `<server>/<name>`, sorted by when it expires, in milliseconds
/// since 1970.
pub(super) const CHAT_PRESENT: &str = "trivium:chat:present";
