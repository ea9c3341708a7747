//! Streams of numbers over the backend.

use jsonrpsee::core::{SubscriptionResult, async_trait};
use jsonrpsee::{Extensions, PendingSubscriptionSink};

use super::subscription::{opening, subscribed};
use super::{Room, context};
use crate::contract::numbers::NumbersServer;
use crate::convert::{number_item_to_wire, number_range_from_wire};

#[async_trait]
impl NumbersServer for Room {
    async fn stream_numbers(
        &self,
        pending: PendingSubscriptionSink,
        call: &Extensions,
        start: i32,
        end: i32,
    ) -> SubscriptionResult {
        let context = context(call);
        let range = number_range_from_wire(start, end);
        let open = self.backend.stream_numbers(&context, range);
        subscribed(pending, opening(call).run(open).await, number_item_to_wire).await
    }
}
