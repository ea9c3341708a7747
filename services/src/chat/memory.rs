//! The room of one server, gone when it stops.

use async_trait::async_trait;

use super::{ChatRoom, Hall, HallLimits, Name, Seat};
use crate::error::Error;
use crate::model::ChatMessage;

/// A room in this process: its order is that in which messages are posted.
#[derive(Debug, Default)]
pub struct MemoryRoom {
    hall: Hall,
}

impl MemoryRoom {
    /// An empty room with those limits.
    #[must_use]
    pub fn new(limits: HallLimits) -> Self {
        Self {
            hall: Hall::new(limits),
        }
    }
}

#[async_trait]
impl ChatRoom for MemoryRoom {
    async fn join(&self, name: Name, after: Option<u64>) -> Result<Seat, Error> {
        self.hall.join(name, after)
    }

    async fn post(&self, message: ChatMessage) -> Result<ChatMessage, Error> {
        Ok(self.hall.post(message))
    }

    async fn participants(&self) -> Result<Vec<String>, Error> {
        Ok(self.hall.names())
    }
}
