//! Greetings, word for word as the courses' clients expect them.

use async_trait::async_trait;

use super::Local;
use crate::backend::Greeter;
use crate::context::Context;
use crate::error::Error;

#[async_trait]
impl Greeter for Local {
    async fn say_hello(&self, context: &Context, pid: i32) -> Result<String, Error> {
        context.within(async { Ok(format!("Hello, {pid}!")) }).await
    }

    async fn say_hello_again(&self, context: &Context, pid: i32) -> Result<String, Error> {
        let greeting = async { Ok(format!("Hello again, {pid}!")) };
        context.within(greeting).await
    }
}
