//! The calculator's methods.

use jsonrpsee::proc_macros::rpc;

use super::Answer;

/// See [`services::Calculator`].
#[rpc(server)]
pub trait Calculator {
    /// See [`services::Calculator::add`].
    // region: add
    #[method(name = "add", with_extensions)]
    async fn add(&self, a: i32, b: i32) -> Answer<i32>;
    // endregion: add

    /// See [`services::Calculator::multiply`].
    #[method(name = "multiply", with_extensions)]
    async fn multiply(&self, a: i32, b: i32) -> Answer<i32>;

    /// See [`services::Calculator::uppercase`].
    #[method(name = "uppercase", with_extensions)]
    async fn uppercase(&self, text: String) -> Answer<String>;

    /// See [`services::Calculator::cube`].
    #[method(name = "cube", with_extensions)]
    async fn cube(&self, number: i32) -> Answer<i32>;
}
