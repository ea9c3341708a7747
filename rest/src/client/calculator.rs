//! Arithmetic and text.

use async_trait::async_trait;
use services::{Calculator, Context, Error};

use super::Client;
use crate::contract;
use crate::convert::{Number, Operands, Text};

#[async_trait]
impl Calculator for Client {
    async fn add(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        // region: add
        self.scalar(context, &contract::ADD, Operands { a, b })
            .await
        // endregion: add
    }

    async fn multiply(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        self.scalar(context, &contract::MULTIPLY, Operands { a, b })
            .await
    }

    async fn uppercase(&self, context: &Context, text: &str) -> Result<String, Error> {
        let body = Text { text: text.into() };
        self.scalar(context, &contract::UPPERCASE, body).await
    }

    async fn cube(&self, context: &Context, number: i32) -> Result<i32, Error> {
        self.scalar(context, &contract::CUBE, Number { number })
            .await
    }
}
