//! The chat as this server has read it, for as long as Redis holds what was read. Where Redis has
//! lost messages the streams end, and another epoch begins.

use futures::stream::{self, StreamExt};
use services::chat::{Hall, Seat};
use services::model::ChatMessage;
use services::{Error, Stream};
use tokio::sync::watch;

/// A hall, how far the stream was read into it, and whether it is over.
#[derive(Debug, Clone)]
pub(super) struct Epoch {
    pub(super) hall: Hall,
    /// The sequence number up to which Redis' stream was read.
    read: watch::Sender<u64>,
    ended: watch::Sender<Option<Error>>,
}

impl Epoch {
    pub(super) fn new() -> Self {
        Self {
            hall: Hall::default(),
            read: watch::Sender::new(0),
            ended: watch::Sender::new(None),
        }
    }

    /// Everything up to that number was read and, as far as it was a message, delivered.
    pub(super) fn has_read(&self, sequence: u64) {
        self.read.send_replace(sequence);
    }

    /// Waits until everything up to that number was read.
    pub(super) async fn until_read(&self, sequence: u64) {
        // Fails only when the sender is gone, and this holds it.
        let _ = self
            .read
            .subscribe()
            .wait_for(|&read| read >= sequence)
            .await;
    }

    /// Ends all streams, after what was delivered, with that error.
    pub(super) fn end(&self, error: Error) {
        self.ended.send_replace(Some(error));
    }

    /// The same seat, whose stream ends with the epoch, and holds `guard` until it has ended.
    pub(super) fn bounded(&self, seat: Seat, guard: impl Send + 'static) -> Seat {
        let mut ended = self.ended.subscribe();
        let end = async move {
            match ended.wait_for(Option::is_some).await {
                Ok(error) => error.clone().unwrap_or_else(Error::closing),
                // The room is gone, and with it who could say more.
                Err(_) => Error::closing(),
            }
        };
        Seat {
            after: seat.after,
            messages: until(seat.messages, end, guard),
        }
    }
}

/// Dropped from top to bottom: first the participant leaves, then the guard is dropped.
struct Bounded<E, G> {
    messages: Stream<ChatMessage>,
    end: E,
    _guard: G,
}

/// The stream, and when that future is there before the next item, the error.
fn until(
    messages: Stream<ChatMessage>,
    end: impl Future<Output = Error> + Send + 'static,
    guard: impl Send + 'static,
) -> Stream<ChatMessage> {
    let bounded = Bounded {
        messages,
        end: Box::pin(end),
        _guard: guard,
    };
    let bounded = stream::unfold(Some(bounded), |bounded| async move {
        let mut bounded = bounded?;
        tokio::select! {
            // First what was delivered before the end.
            biased;
            item = bounded.messages.next() => match item? {
                Ok(message) => Some((Ok(message), Some(bounded))),
                Err(error) => Some((Err(error), None)),
            },
            error = &mut bounded.end => Some((Err(error), None)),
        }
    });
    bounded.boxed()
}
