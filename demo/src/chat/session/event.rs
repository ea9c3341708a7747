//! What happens to a participant, in the words of the one who is told.

use std::fmt;
use std::time::Duration;

use services::Error;
use services::chat::LARGEST_TEXT;
use services::model::ChatMessage;

/// What happens to a participant.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Connected for the first time.
    Joined {
        /// To which server.
        url: String,
    },
    /// Somebody said a line; own lines too, when they have come back.
    Said(ChatMessage),
    /// The connection is lost, or was not made. The next server is tried.
    Lost {
        /// The server that was lost.
        url: String,
        /// Why.
        error: Error,
        /// The server that is tried next.
        next: String,
        /// How long until then.
        pause: Duration,
        /// How many failures there were since a connection was good, with this one.
        failures: usize,
    },
    /// Connected again, and no more lines come that were said meanwhile.
    Resumed {
        /// To which server.
        url: String,
        /// How many lines came that were said meanwhile.
        caught_up: usize,
    },
    /// The server does not have all lines that were said meanwhile: it goes on from now.
    Missed {
        /// At which server.
        url: String,
        /// What the server says of it.
        error: Error,
    },
    /// Left as [asked](super::Session::leave).
    Left {
        /// How many own lines were not seen to come back.
        unseen: usize,
    },
    /// An error that cannot get better ended it: the server has no chat, or refuses the participant
    /// or a line.
    Failed(Error),
}

/// Why a line is not said, now or later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Too many own lines wait to come back.
    Full,
    /// The line is longer than [`LARGEST_TEXT`].
    TooLong {
        /// What it has.
        bytes: usize,
    },
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("too many lines wait to come back: say it again later"),
            Self::TooLong { bytes } => write!(
                f,
                "a line of {bytes} bytes is too long and was not said: the chat takes {LARGEST_TEXT}"
            ),
        }
    }
}

impl std::error::Error for Refused {}
