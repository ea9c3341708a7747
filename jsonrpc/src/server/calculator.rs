//! The calculator over the backend.

use jsonrpsee::Extensions;
use jsonrpsee::core::async_trait;

use super::{Room, context};
use crate::contract::Answer;
use crate::contract::calculator::CalculatorServer;
use crate::error::to_wire;

#[async_trait]
impl CalculatorServer for Room {
    async fn add(&self, call: &Extensions, a: i32, b: i32) -> Answer<i32> {
        let sum = self.backend.add(&context(call), a, b).await;
        sum.map_err(|error| to_wire(&error))
    }

    async fn multiply(&self, call: &Extensions, a: i32, b: i32) -> Answer<i32> {
        let product = self.backend.multiply(&context(call), a, b).await;
        product.map_err(|error| to_wire(&error))
    }

    async fn uppercase(&self, call: &Extensions, text: String) -> Answer<String> {
        let text = self.backend.uppercase(&context(call), &text).await;
        text.map_err(|error| to_wire(&error))
    }

    async fn cube(&self, call: &Extensions, number: i32) -> Answer<i32> {
        let cube = self.backend.cube(&context(call), number).await;
        cube.map_err(|error| to_wire(&error))
    }
}
