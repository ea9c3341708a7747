//! What the participants of open chats say: the upward halves, by the subscriptions that are the
//! downward ones. A subscription is its connection's own, so nobody else can speak in its name.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ::transport::sessions::Inbox;
use jsonrpsee::types::SubscriptionId;
use jsonrpsee::{ConnectionId, PendingSubscriptionSink};
use services::error::excerpt;
use services::model::ChatMessage;
use services::{Error, Stream};
use tokio_util::sync::CancellationToken;

type Key = (ConnectionId, SubscriptionId<'static>);
type Inboxes = HashMap<Key, Arc<Inbox<ChatMessage>>>;

/// The open chats of a server.
#[derive(Default)]
pub(super) struct Chats {
    inboxes: Mutex<Inboxes>,
}

impl Chats {
    /// Opens the upward half of a subscription, before its id is told to anybody; gives what comes
    /// up. It takes messages until what this gives first is dropped.
    pub(super) fn open(
        self: &Arc<Self>,
        pending: &PendingSubscriptionSink,
        closing: CancellationToken,
    ) -> (Open, Stream<ChatMessage>) {
        let key = (pending.connection_id(), pending.subscription_id());
        let (inbox, messages) = Inbox::new(closing);
        self.lock().insert(key.clone(), Arc::new(inbox));
        let chats = Arc::clone(self);
        (Open { chats, key }, messages)
    }

    /// Takes a numbered batch; comes back when the chat has read it.
    pub(super) async fn send(
        &self,
        connection: ConnectionId,
        subscription: &str,
        seq: i32,
        messages: Vec<ChatMessage>,
    ) -> Result<bool, Error> {
        let inbox = self.find(connection, subscription)?;
        inbox.deliver(seq, messages).await?;
        Ok(true)
    }

    /// Takes no more messages.
    pub(super) async fn close(
        &self,
        connection: ConnectionId,
        subscription: &str,
    ) -> Result<bool, Error> {
        self.find(connection, subscription)?.end().await?;
        Ok(true)
    }

    fn find(
        &self,
        connection: ConnectionId,
        subscription: &str,
    ) -> Result<Arc<Inbox<ChatMessage>>, Error> {
        let key = (
            connection,
            SubscriptionId::Str(subscription.to_owned().into()),
        );
        let inbox = self.lock().get(&key).cloned();
        inbox.ok_or_else(|| {
            Error::NotFound(format!(
                "there is no open chat \"{}\" on this connection: it ended, or is another's",
                excerpt(subscription)
            ))
        })
    }

    fn lock(&self) -> MutexGuard<'_, Inboxes> {
        self.inboxes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An open chat; dropping it closes it to messages.
pub(super) struct Open {
    chats: Arc<Chats>,
    key: Key,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.chats.lock().remove(&self.key);
    }
}
