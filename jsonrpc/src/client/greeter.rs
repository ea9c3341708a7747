//! The greeter over the wire.

use async_trait::async_trait;
use services::operation::{SAY_HELLO, SAY_HELLO_AGAIN};
use services::{Context, Error, Greeter};

use super::Client;

#[async_trait]
impl Greeter for Client {
    async fn say_hello(&self, context: &Context, pid: i32) -> Result<String, Error> {
        self.call(context, SAY_HELLO.name, [pid]).await
    }

    async fn say_hello_again(&self, context: &Context, pid: i32) -> Result<String, Error> {
        self.call(context, SAY_HELLO_AGAIN.name, [pid]).await
    }
}
