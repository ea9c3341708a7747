//! The room of the chat: the seam between the logic in [`local`](crate::local) and what several
//! servers share. The room in memory is here; the one that servers share is on the floor above.
//! Both are made of a [`Hall`](crate::chat::Hall).

mod hall;
mod memory;
mod participant;
mod ring;

use std::fmt;
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;

use crate::error::Error;
use crate::model::ChatMessage;
use crate::stream::Stream;

pub use hall::{Hall, HallLimits};
pub use memory::MemoryRoom;

/// Most bytes of a line's text.
pub const LARGEST_TEXT: usize = 16 * 1_024;

/// Whether a line's text is short enough to be said. Clients look before they send: what is longer
/// than a message of their protocol would break the connection, and nobody would learn why.
///
/// # Errors
/// [`Error::InvalidArgument`] for more than [`LARGEST_TEXT`] bytes.
///
/// ```
/// assert_eq!(services::chat::text_fits("olá"), Ok(()));
/// let error = services::chat::text_fits(&"x".repeat(16_385)).unwrap_err();
/// assert_eq!(error.to_string(), "text has 16385 bytes: send at most 16384");
/// ```
pub fn text_fits(text: &str) -> Result<(), Error> {
    if text.len() <= LARGEST_TEXT {
        return Ok(());
    }
    let bytes = text.len();
    let message = format!("text has {bytes} bytes: send at most {LARGEST_TEXT}");
    Err(Error::InvalidArgument(message))
}

/// The name of a participant. Who joined without one gets it with the first message, and is not
/// among the participants until then.
pub type Name = Arc<OnceLock<String>>;

/// A participant's place in a room.
pub struct Seat {
    /// The sequence number after which the messages begin, also where none was asked for.
    pub after: u64,
    /// Every message after that, in order and without gaps. The participant is in the room until
    /// this is dropped or has ended.
    pub messages: Stream<ChatMessage>,
}

impl fmt::Debug for Seat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seat")
            .field("after", &self.after)
            .finish_non_exhaustive()
    }
}

/// A room in which everybody hears everything, in one order. What reaches it is checked already.
#[async_trait]
pub trait ChatRoom: Send + Sync + fmt::Debug {
    /// Takes part: every message after the one with the sequence number `after`, everything kept
    /// where that is 0, or from now on where there is none.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] where `after` is older than what is kept, or newer than the newest
    /// message; [`Error::Unavailable`] where the room is elsewhere. The stream itself ends with
    /// [`Error::ResourceExhausted`] for a participant who reads too slowly.
    async fn join(&self, name: Name, after: Option<u64>) -> Result<Seat, Error>;

    /// Gives a message its place and tells everybody. Where the same user's message with the same
    /// id, not empty, is among those kept, that one is given and nobody is told again.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where the room is elsewhere.
    async fn post(&self, message: ChatMessage) -> Result<ChatMessage, Error>;

    /// The names of those who take part, sorted, each once.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where the room is elsewhere.
    async fn participants(&self) -> Result<Vec<String>, Error>;
}
