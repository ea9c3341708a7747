//! Arithmetic that never wraps, and text.

use async_trait::async_trait;

use super::Local;
use crate::backend::Calculator;
use crate::context::Context;
use crate::error::Error;

#[async_trait]
impl Calculator for Local {
    async fn add(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        let sum = i64::from(a) + i64::from(b);
        let answer = fitting(sum.into(), || format!("add({a}, {b})"));
        context.within(async { answer }).await
    }

    async fn multiply(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        let product = i64::from(a) * i64::from(b);
        let answer = fitting(product.into(), || format!("multiply({a}, {b})"));
        context.within(async { answer }).await
    }

    async fn uppercase(&self, context: &Context, text: &str) -> Result<String, Error> {
        context.within(async { Ok(text.to_uppercase()) }).await
    }

    async fn cube(&self, context: &Context, number: i32) -> Result<i32, Error> {
        let answer = fitting(i128::from(number).pow(3), || format!("cube({number})"));
        context.within(async { answer }).await
    }
}

/// The value, where 32 bits hold it. i128 holds the cube of every i32.
fn fitting(value: i128, call: impl FnOnce() -> String) -> Result<i32, Error> {
    i32::try_from(value).map_err(|_| {
        let call = call();
        Error::OutOfRange(format!(
            "{call} is {value}, which does not fit in 32 bits: use smaller numbers"
        ))
    })
}
