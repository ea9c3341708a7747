//! Greetings.

use async_trait::async_trait;
use services::{Context, Error, Greeter};

use super::Client;
use crate::contract::hello::HelloRequest;

#[async_trait]
impl Greeter for Client {
    async fn say_hello(&self, context: &Context, pid: i32) -> Result<String, Error> {
        let mut stub = self.greeter.clone();
        let call = async move |request| stub.say_hello(request).await;
        Ok(self
            .unary(context, HelloRequest { pid }, call)
            .await?
            .retval)
    }

    async fn say_hello_again(&self, context: &Context, pid: i32) -> Result<String, Error> {
        let mut stub = self.greeter.clone();
        let call = async move |request| stub.say_hello_again(request).await;
        Ok(self
            .unary(context, HelloRequest { pid }, call)
            .await?
            .retval)
    }
}
