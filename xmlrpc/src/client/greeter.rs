//! The greeter.

use async_trait::async_trait;
use dxr::Value;
use services::{Context, Error, Greeter};

use super::{Client, string};
use crate::contract;

#[async_trait]
impl Greeter for Client {
    async fn say_hello(&self, context: &Context, pid: i32) -> Result<String, Error> {
        let params = vec![Value::Integer(pid)];
        self.call(context, contract::SAY_HELLO, params, string)
            .await
    }

    async fn say_hello_again(&self, context: &Context, pid: i32) -> Result<String, Error> {
        let params = vec![Value::Integer(pid)];
        self.call(context, contract::SAY_HELLO_AGAIN, params, string)
            .await
    }
}
