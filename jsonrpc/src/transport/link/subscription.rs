//! The items of one subscription, as a client reads them.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use serde_json::value::RawValue;
use services::Error;
use tokio::sync::mpsc;

use super::Link;
use crate::codec::reply::result_of;

/// An open subscription: the texts of its items. Dropping it unsubscribes. A stream of texts ends
/// only by an error, since the end of the items is told by an item.
#[derive(Debug)]
pub struct Subscription {
    link: Arc<Link>,
    items: mpsc::Receiver<Box<str>>,
    key: Option<Box<RawValue>>,
}

impl Subscription {
    pub(super) fn new(link: Arc<Link>, reply: &str, items: mpsc::Receiver<Box<str>>) -> Self {
        let key = result_of::<&RawValue>(reply).ok().map(RawValue::to_owned);
        Self { link, items, key }
    }

    /// The link that it shares.
    #[must_use]
    pub fn link(&self) -> &Link {
        &self.link
    }

    /// The link that it shares, and its id there; `None` where it has ended.
    #[must_use]
    pub fn place(&self) -> Option<(Arc<Link>, Box<RawValue>)> {
        Some((Arc::clone(&self.link), self.key.clone()?))
    }

    /// The last item has come: there is nothing to unsubscribe from.
    pub fn ended(&mut self) {
        if let Some(key) = self.key.take() {
            self.link.inbox.ended(&key);
        }
    }

    /// Why there are no more items, though none was the last.
    fn broken_off(&self) -> Error {
        if self.link.is_open() {
            Error::ResourceExhausted(
                "the stream was ended, because its items were not read: read them faster".into(),
            )
        } else {
            self.link.inbox.why_broken()
        }
    }

    /// The text of the next item.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where the connection broke, [`Error::ResourceExhausted`] where the
    /// items were not read for too long.
    pub fn poll_next(&mut self, task: &mut Context<'_>) -> Poll<Result<Box<str>, Error>> {
        let item = ready!(Pin::new(&mut self.items).poll_recv(task));
        Poll::Ready(item.ok_or_else(|| self.broken_off()))
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            self.link.inbox.unsubscribe(&key);
        }
    }
}
