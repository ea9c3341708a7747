//! Where in the order of lines a participant is.

use services::local::Clock;
use services::model::{ChatMessage, Join};

/// After which line the next connection begins, and what of it is news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    start: Start,
    /// Lines from before that moment are not news, while a history is read to find the place.
    hidden_before: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    /// What is said from now on.
    Now,
    /// What follows on that line.
    After(u64),
    /// What was said since that moment, in seconds since 1970-01-01T00:00:00Z. The protocol has no
    /// such question, so all that the server keeps is read, and what is older is hidden.
    Since(i64),
}

impl Place {
    pub(super) fn first(after: Option<u64>) -> Self {
        Self {
            start: after.map_or(Start::Now, Start::After),
            hidden_before: None,
        }
    }

    /// How to join from here.
    pub(super) fn join(&mut self, user: &str) -> Join {
        let (after, hidden_before) = match self.start {
            Start::Now => (None, None),
            Start::After(after) => (Some(after), None),
            Start::Since(moment) => (Some(0), Some(moment)),
        };
        self.hidden_before = hidden_before;
        Join {
            user: user.to_owned(),
            after,
        }
    }

    /// Who joined from now on and has seen nothing yet knows no line to resume after, only the
    /// moment.
    pub(super) fn joined(&mut self) {
        if self.start == Start::Now {
            self.start = Start::Since(Clock::System.now());
        }
    }

    /// What comes from here on is news.
    pub(super) fn caught_up(&mut self) {
        self.hidden_before = None;
    }

    /// Whether that line is news; the place is behind it then. A server that numbers no lines keeps
    /// none, so all of its lines are. An own line that was waited for is, however old.
    pub(super) fn takes(&mut self, message: &ChatMessage, own: bool) -> bool {
        if message.sequence == 0 {
            return true;
        }
        if let Start::After(seen) = self.start
            && message.sequence <= seen
        {
            return own;
        }
        self.start = Start::After(message.sequence);
        let old = |moment| message.timestamp < moment;
        own || !self.hidden_before.is_some_and(old)
    }

    /// The server cannot go on from here: from now on, then. Whether that is worth another try.
    pub(super) fn give_up(&mut self) -> bool {
        self.start = match self.start {
            Start::After(_) => Start::Since(Clock::System.now()),
            Start::Since(_) => Start::Now,
            Start::Now => return false,
        };
        true
    }
}
