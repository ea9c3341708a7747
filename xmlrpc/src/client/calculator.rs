//! The calculator.

use async_trait::async_trait;
use dxr::Value;
use services::{Calculator, Context, Error};

use super::{Client, string, whole};
use crate::contract;
use crate::convert::text_to_wire;

#[async_trait]
impl Calculator for Client {
    async fn add(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        // region: add
        let params = vec![Value::Integer(a), Value::Integer(b)];
        self.call(context, contract::ADD, params, whole).await
        // endregion: add
    }

    async fn multiply(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        let params = vec![Value::Integer(a), Value::Integer(b)];
        self.call(context, contract::MULTIPLY, params, whole).await
    }

    async fn uppercase(&self, context: &Context, text: &str) -> Result<String, Error> {
        let params = vec![text_to_wire("text", text)?];
        self.call(context, contract::UPPERCASE, params, string)
            .await
    }

    async fn cube(&self, context: &Context, number: i32) -> Result<i32, Error> {
        let params = vec![Value::Integer(number)];
        self.call(context, contract::CUBE, params, whole).await
    }
}
