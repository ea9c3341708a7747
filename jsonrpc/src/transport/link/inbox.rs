//! Who waits for what on a link, and the queue of what is to be written.

mod waiting;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use serde_json::value::RawValue;
use services::error::excerpt;
use services::{Code, Error};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Error as SocketError, Utf8Bytes};

use crate::codec::request::Outgoing;
use crate::error::from_wire;
use waiting::{Notified, Received, Subscribed};
pub(super) use waiting::{Queued, Waiting};

/// Requests that wait to be written; the next one waits for room.
const QUEUED_REQUESTS: usize = 64;

/// How long a full subscription may hold back all that share its link. After this it is ended, so
/// that a reader who has stopped does not stop the others for ever.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a link and its two tasks share.
#[derive(Debug)]
pub(super) struct Inbox {
    server: String,
    queue: mpsc::UnboundedSender<Queued>,
    /// Bounds the requests in the queue. Notifications need no room: each belongs to a request
    /// that had it, so there are never more of them.
    room: Semaphore,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    waiting: HashMap<u64, Waiting>,
    subscriptions: HashMap<Box<str>, Subscribed>,
    broken: Option<Error>,
    /// What the server said to nobody in particular.
    last_words: Option<Error>,
}

impl Inbox {
    pub(super) fn new(server: &str) -> (Arc<Self>, mpsc::UnboundedReceiver<Queued>) {
        let (queue, queued) = mpsc::unbounded_channel();
        let inbox = Self {
            server: excerpt(server),
            queue,
            room: Semaphore::new(QUEUED_REQUESTS),
            state: Mutex::default(),
        };
        (Arc::new(inbox), queued)
    }

    pub(super) fn is_open(&self) -> bool {
        self.lock().broken.is_none()
    }

    /// Waits for room in the queue, which the writer gives back.
    pub(super) async fn room(&self) -> Result<(), Error> {
        let room = self.room.acquire().await;
        room.map_err(|_| self.why_broken())?.forget();
        Ok(())
    }

    /// Registers who waits for the reply of that id.
    pub(super) fn expect(&self, id: u64, waiting: Waiting) -> Result<(), Error> {
        let mut state = self.lock();
        if let Some(broken) = &state.broken {
            return Err(broken.clone());
        }
        state.waiting.insert(id, waiting);
        Ok(())
    }

    /// Nobody waits for that reply any more. Tells whether it was still to come.
    pub(super) fn forget(&self, id: u64) -> bool {
        let mut state = self.lock();
        match state.waiting.remove(&id) {
            None => false,
            Some(Waiting::Opening(_, Subscribed { unsubscribe, .. })) => {
                state.waiting.insert(id, Waiting::Abandoned { unsubscribe });
                true
            }
            Some(_) => true,
        }
    }

    /// Queues a request, for which there is room. Where the writer has stopped, the reply that
    /// never comes tells.
    pub(super) fn send_request(&self, text: String) {
        let _ = self.queue.send(Queued::Request(text));
    }

    pub(super) fn send_notification<P: Serialize>(&self, notification: &Outgoing<'_, P>) {
        if let Ok(text) = serde_json::to_string(notification) {
            // Where the writer has stopped, the server has noticed too.
            let _ = self.queue.send(Queued::Notification(text));
        }
    }

    /// The text of a queued message that leaves the queue.
    pub(super) fn taken(&self, queued: Queued) -> String {
        match queued {
            Queued::Request(text) => {
                self.room.add_permits(1);
                text
            }
            Queued::Notification(text) => text,
        }
    }

    /// Gives a message to who waits for it. One that nobody waits for is the reply to a call that
    /// was given up, or a notification that we did not ask for.
    pub(super) async fn received(&self, text: Utf8Bytes) {
        let Ok(received) = serde_json::from_str::<Received<'_>>(&text) else {
            return self.fail(Error::new(
                Code::Internal,
                format!(
                    "{} sent what is no JSON-RPC: check the address",
                    self.server
                ),
            ));
        };
        match (received.id, received.params, &received.error) {
            (Some(id), ..) => {
                if let Ok(id) = id.get().parse() {
                    self.replied(id, &text, received.result);
                }
            }
            (None, Some(params), _) => {
                if let Ok(notified) = serde_json::from_str(params.get()) {
                    self.notified(notified).await;
                }
            }
            (None, None, Some(error)) => self.lock().last_words = Some(from_wire(error)),
            (None, None, None) => {}
        }
    }

    fn replied(&self, id: u64, text: &Utf8Bytes, result: Option<&RawValue>) {
        let mut state = self.lock();
        match (state.waiting.remove(&id), result) {
            (Some(Waiting::Reply(reply)), _) => {
                // Whoever gave up in this moment has queued a notification that comes too late.
                let _ = reply.send(text.clone());
            }
            (Some(Waiting::Opening(reply, subscribed)), Some(key)) => {
                let unsubscribe = subscribed.unsubscribe.clone();
                state.subscriptions.insert(key.get().into(), subscribed);
                drop(state);
                if reply.send(text.clone()).is_err() {
                    self.end(key, unsubscribe);
                }
            }
            (Some(Waiting::Opening(reply, _)), None) => {
                let _ = reply.send(text.clone());
            }
            (Some(Waiting::Abandoned { unsubscribe }), Some(key)) => {
                drop(state);
                self.end(key, unsubscribe);
            }
            (Some(Waiting::Abandoned { .. }) | None, _) => {}
        }
    }

    /// Gives an item to its subscription. Where that is full, everybody on this link waits for its
    /// reader, for a while.
    async fn notified(&self, notified: Notified<'_>) {
        let key = notified.subscription;
        let subscribed = self
            .lock()
            .subscriptions
            .get(key.get())
            .map(|it| it.items.clone());
        let Some(items) = subscribed else { return };
        let sent = timeout(PATIENCE, items.send(notified.result.get().into())).await;
        if !matches!(sent, Ok(Ok(()))) {
            self.unsubscribe(key);
        }
    }

    /// Ends a subscription that is open.
    pub(super) fn unsubscribe(&self, key: &RawValue) {
        let ended = self.lock().subscriptions.remove(key.get());
        if let Some(ended) = ended {
            self.send_notification(&Outgoing::new(&ended.unsubscribe, [key], None));
        }
    }

    /// Forgets a subscription that has ended by itself.
    pub(super) fn ended(&self, key: &RawValue) {
        self.lock().subscriptions.remove(key.get());
    }

    fn end(&self, key: &RawValue, unsubscribe: String) {
        self.lock().subscriptions.remove(key.get());
        self.send_notification(&Outgoing::new(&unsubscribe, [key], None));
    }

    /// The connection broke: everybody who waits is told.
    pub(super) fn broke(&self, cause: SocketError) {
        let server = &self.server;
        self.fail(match cause {
            SocketError::Capacity(_) => Error::ResourceExhausted(format!(
                "a reply of {server} is too large: ask for less, or allow more"
            )),
            cause => Error::unavailable(
                format!(
                    "the connection to {server} broke before the reply came; whether the call \
                     was done is unknown: look, or call again where that is safe"
                ),
                cause,
            ),
        });
    }

    fn fail(&self, error: Error) {
        self.room.close();
        let mut state = self.lock();
        // What was said to nobody was meant for the only one who is there.
        let last_words = state.last_words.take().filter(|_| state.waiting.len() == 1);
        state.broken.get_or_insert(last_words.unwrap_or(error));
        // Dropping their senders wakes them.
        state.waiting.clear();
        state.subscriptions.clear();
    }

    /// Why the link does not work; asked only once it does not.
    pub(super) fn why_broken(&self) -> Error {
        let broken = self.lock().broken.clone();
        broken.unwrap_or_else(|| Error::new(Code::Unavailable, "the connection was closed"))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
