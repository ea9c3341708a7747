//! The greeter's methods.

use jsonrpsee::proc_macros::rpc;

use super::Answer;

/// See [`services::Greeter`].
#[rpc(server)]
pub trait Greeter {
    /// See [`services::Greeter::say_hello`].
    #[method(name = "say_hello", with_extensions)]
    async fn say_hello(&self, pid: i32) -> Answer<String>;

    /// See [`services::Greeter::say_hello_again`].
    #[method(name = "say_hello_again", with_extensions)]
    async fn say_hello_again(&self, pid: i32) -> Answer<String>;
}
