//! Arithmetic and text.

use async_trait::async_trait;
use services::{Calculator, Context, Error};

use super::Client;
use crate::contract::calculator::{CubeRequest, OperandsRequest, TextRequest};

#[async_trait]
impl Calculator for Client {
    async fn add(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        // region: add
        let mut stub = self.calculator.clone();
        let message = OperandsRequest { a, b };
        let call = async move |request| stub.add(request).await;
        Ok(self.unary(context, message, call).await?.result)
        // endregion: add
    }

    async fn multiply(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        let mut stub = self.calculator.clone();
        let message = OperandsRequest { a, b };
        let call = async move |request| stub.multiply(request).await;
        Ok(self.unary(context, message, call).await?.result)
    }

    async fn uppercase(&self, context: &Context, text: &str) -> Result<String, Error> {
        let mut stub = self.calculator.clone();
        let message = TextRequest {
            text: text.to_owned(),
        };
        let call = async move |request| stub.uppercase(request).await;
        Ok(self.unary(context, message, call).await?.result)
    }

    async fn cube(&self, context: &Context, number: i32) -> Result<i32, Error> {
        let mut stub = self.calculator.clone();
        let message = CubeRequest { number };
        let call = async move |request| stub.calculate_cube(request).await;
        Ok(self.unary(context, message, call).await?.result)
    }
}
