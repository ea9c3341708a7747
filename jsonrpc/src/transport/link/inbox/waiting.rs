//! What is written, and who waits for what comes.

use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::error::WireError;

/// Items of one subscription that wait for their reader: more than the largest stream of numbers.
pub(crate) const WAITING_ITEMS: usize = 1_024;

/// A text to be written.
#[derive(Debug)]
pub(crate) enum Queued {
    Request(String),
    Notification(String),
}

/// What is done with a reply.
#[derive(Debug)]
pub(crate) enum Waiting {
    Reply(oneshot::Sender<Utf8Bytes>),
    Opening(oneshot::Sender<Utf8Bytes>, Subscribed),
    /// Nobody waits, but what the reply opens has to be ended.
    Abandoned {
        unsubscribe: String,
    },
}

/// A subscription that is open.
#[derive(Debug)]
pub(crate) struct Subscribed {
    pub(crate) items: mpsc::Sender<Box<str>>,
    pub(crate) unsubscribe: String,
}

impl Waiting {
    pub(crate) fn for_reply() -> (Self, oneshot::Receiver<Utf8Bytes>) {
        let (sender, reply) = oneshot::channel();
        (Self::Reply(sender), reply)
    }

    pub(crate) fn for_subscription(
        unsubscribe: String,
    ) -> (Self, oneshot::Receiver<Utf8Bytes>, mpsc::Receiver<Box<str>>) {
        let (sender, reply) = oneshot::channel();
        let (items, received) = mpsc::channel(WAITING_ITEMS);
        let subscribed = Subscribed { items, unsubscribe };
        (Self::Opening(sender, subscribed), reply, received)
    }
}

/// A reply or a notification, as far as is needed to tell who waits for it.
#[derive(Debug, Deserialize)]
pub(crate) struct Received<'a> {
    #[serde(borrow, default)]
    pub(crate) id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(crate) result: Option<&'a RawValue>,
    #[serde(default)]
    pub(crate) error: Option<WireError>,
    #[serde(borrow, default)]
    pub(crate) params: Option<&'a RawValue>,
}

/// The parameters of a subscription's notification.
#[derive(Debug, Deserialize)]
pub(crate) struct Notified<'a> {
    #[serde(borrow)]
    pub(crate) subscription: &'a RawValue,
    #[serde(borrow)]
    pub(crate) result: &'a RawValue,
}
