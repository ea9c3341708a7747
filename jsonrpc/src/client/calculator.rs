//! The calculator over the wire.

use async_trait::async_trait;
use services::operation::{ADD, CUBE, MULTIPLY, UPPERCASE};
use services::{Calculator, Context, Error};

use super::Client;

#[async_trait]
impl Calculator for Client {
    async fn add(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        // region: add
        self.call(context, ADD.name, (a, b)).await
        // endregion: add
    }

    async fn multiply(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        self.call(context, MULTIPLY.name, (a, b)).await
    }

    async fn uppercase(&self, context: &Context, text: &str) -> Result<String, Error> {
        self.call(context, UPPERCASE.name, [text]).await
    }

    async fn cube(&self, context: &Context, number: i32) -> Result<i32, Error> {
        self.call(context, CUBE.name, [number]).await
    }
}
