//! Where in the order of lines a participant is.

use services::local::Clock;
use services::model::{ChatMessage, Join};

/// After which line the next connection begins, and what of it is news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    start: Start,
    /// When a participant who has not yet seen a line that is newer joined from now on, in seconds
    /// since 1970-01-01T00:00:00Z. The protocol cannot be asked for what was said since a moment,
    /// so a further connection reads all that the server keeps, and what is older is hidden. That
    /// holds over as many connections as it takes.
    since: Option<i64>,
    /// Whether the connection is such a further one. What comes over the first is news, whatever
    /// the clocks say.
    hides: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    /// What is said from now on.
    Now,
    /// What follows on that line; 0 is all that the server keeps.
    After(u64),
}

impl Place {
    pub(super) fn first(after: Option<u64>) -> Self {
        Self {
            start: after.map_or(Start::Now, Start::After),
            since: None,
            hides: false,
        }
    }

    /// How to join from here.
    pub(super) fn join(&mut self, user: &str) -> Join {
        self.hides = self.since.is_some();
        let after = match self.start {
            Start::Now => None,
            Start::After(after) => Some(after),
        };
        Join {
            user: user.to_owned(),
            after,
        }
    }

    /// Who joined from now on and has seen nothing yet knows no line to resume after, only the
    /// moment.
    pub(super) fn joined(&mut self) {
        if self.start == Start::Now {
            self.go_by_time();
        }
    }

    fn go_by_time(&mut self) {
        self.start = Start::After(0);
        self.since.get_or_insert(Clock::System.now());
    }

    /// What comes from here on is news, whatever the clocks say.
    pub(super) fn all_is_news(&mut self) {
        self.since = None;
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
        if self.hides && !own && self.since.is_some_and(old) {
            return false;
        }
        self.all_is_news();
        true
    }

    /// The server cannot go on from here: by the time then, and at last from now on. Whether that
    /// is worth another try.
    pub(super) fn give_up(&mut self) -> bool {
        match self.start {
            Start::Now => return false,
            Start::After(0) => {
                self.start = Start::Now;
                self.since = None;
            }
            Start::After(_) => self.go_by_time(),
        }
        true
    }
}
