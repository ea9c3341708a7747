//! Streams of numbers over the wire.

use async_trait::async_trait;
use services::model::{NumberItem, NumberRange};
use services::operation::STREAM_NUMBERS;
use services::{Context, Error, Numbers, Stream};

use super::Client;
use crate::convert::{number_item_from_wire, number_range_to_wire};

#[async_trait]
impl Numbers for Client {
    async fn stream_numbers(
        &self,
        context: &Context,
        range: NumberRange,
    ) -> Result<Stream<NumberItem>, Error> {
        let params = number_range_to_wire(range);
        self.subscribe(context, &STREAM_NUMBERS, params, number_item_from_wire)
            .await
    }
}
