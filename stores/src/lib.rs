//! What outlives a process: users in a file of this machine's, users and the chat in a Redis that
//! several servers share. In reading order:
//!
//! - [`Embedded`]: users in one durable file, in this process;
//! - [`redis`]: users and the chat's room in Redis.
//!
//! Both stand behind the seams [`services::UserStore`] and [`services::ChatRoom`], and no type of
//! redb or of the crate redis passes a signature.

pub mod embedded;
mod error;
pub mod redis;

pub use embedded::Embedded;
pub use error::Error;
