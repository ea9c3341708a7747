//! The connections that conversations take. One stays open for as long as its participant likes,
//! and takes one of the streams that a server bears on a connection; once they are all taken, every
//! other call over that connection waits. So conversations share the client's own connection with
//! its calls while they are few, and get more connections when they are many.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use services::Error;

use crate::transport::channel::Channel;

/// Conversations on one connection: half of the streams that a server of ours bears, and less than
/// the 100 below which none should go (RFC 9113 section 6.5.2).
const MOST: usize = 32;

/// The connections of one client, the first of which is that of its calls.
pub(super) struct Conversations {
    lines: Mutex<Vec<Line>>,
    /// Held while a connection is made, so that those who come at once share it.
    opening: tokio::sync::Mutex<()>,
}

struct Line {
    channel: Channel,
    /// Every conversation holds one more of it.
    taken: Arc<()>,
}

/// A place on a connection, until it is dropped.
pub(super) struct Place {
    pub(super) channel: Channel,
    _taken: Arc<()>,
}

impl Line {
    fn new(channel: Channel) -> Self {
        let taken = Arc::default();
        Self { channel, taken }
    }

    fn conversations(&self) -> usize {
        Arc::strong_count(&self.taken) - 1
    }

    fn take(&self) -> Place {
        Place {
            channel: self.channel.clone(),
            _taken: Arc::clone(&self.taken),
        }
    }
}

impl Conversations {
    pub(super) fn new(channel: Channel) -> Self {
        Self {
            lines: Mutex::new(vec![Line::new(channel)]),
            opening: tokio::sync::Mutex::default(),
        }
    }

    /// A place, over a new connection where all others are taken.
    pub(super) async fn take(&self) -> Result<Place, Error> {
        if let Some(place) = self.free() {
            return Ok(place);
        }
        let _opening = self.opening.lock().await;
        if let Some(place) = self.free() {
            return Ok(place);
        }
        let first = self.lines()[0].channel.clone();
        let line = Line::new(first.another().await?);
        let place = line.take();
        self.lines().push(line);
        Ok(place)
    }

    /// A place on a connection that there is. Those at the end that nobody needs any more are closed.
    fn free(&self) -> Option<Place> {
        let mut lines = self.lines();
        while lines.len() > 1 && lines.last().is_some_and(|line| line.conversations() == 0) {
            lines.pop();
        }
        let free = lines.iter().find(|line| line.conversations() < MOST);
        free.map(Line::take)
    }

    fn lines(&self) -> MutexGuard<'_, Vec<Line>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
