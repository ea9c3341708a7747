//! The subscription to numbers.

use jsonrpsee::core::SubscriptionResult;
use jsonrpsee::proc_macros::rpc;

/// See [`services::Numbers`].
#[rpc(server)]
pub trait Numbers {
    /// See [`services::Numbers::stream_numbers`].
    #[subscription(
        name = "subscribe_stream_numbers" => "stream_numbers",
        unsubscribe = "unsubscribe_stream_numbers",
        item = crate::convert::StreamItem<crate::convert::NumberItem>,
        with_extensions
    )]
    async fn stream_numbers(&self, start: i32, end: i32) -> SubscriptionResult;
}
