//! What the contract tells of itself.

use jsonrpsee::core::async_trait;

use super::Room;
use crate::contract::Answer;
use crate::contract::discovery::DiscoveryServer;

#[async_trait]
impl DiscoveryServer for Room {
    fn discover(&self) -> Answer<serde_json::Value> {
        Ok(serde_json::Value::clone(&self.document))
    }
}
