//! The greeter over the backend.

use jsonrpsee::Extensions;
use jsonrpsee::core::async_trait;

use super::{Room, context};
use crate::contract::Answer;
use crate::contract::greeter::GreeterServer;
use crate::error::to_wire;

#[async_trait]
impl GreeterServer for Room {
    async fn say_hello(&self, call: &Extensions, pid: i32) -> Answer<String> {
        let greeting = self.backend.say_hello(&context(call), pid).await;
        greeting.map_err(|error| to_wire(&error))
    }

    async fn say_hello_again(&self, call: &Extensions, pid: i32) -> Answer<String> {
        let greeting = self.backend.say_hello_again(&context(call), pid).await;
        greeting.map_err(|error| to_wire(&error))
    }
}
