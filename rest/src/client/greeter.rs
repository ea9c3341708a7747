//! Greetings.

use async_trait::async_trait;
use services::{Context, Error, Greeter};

use super::Client;
use crate::contract;
use crate::convert::Pid;

#[async_trait]
impl Greeter for Client {
    async fn say_hello(&self, context: &Context, pid: i32) -> Result<String, Error> {
        self.scalar(context, &contract::SAY_HELLO, Pid { pid })
            .await
    }

    async fn say_hello_again(&self, context: &Context, pid: i32) -> Result<String, Error> {
        self.scalar(context, &contract::SAY_HELLO_AGAIN, Pid { pid })
            .await
    }
}
