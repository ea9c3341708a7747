//! Numbers.

use async_trait::async_trait;
use services::model::{NumberItem, NumberRange};
use services::{Context, Error, Numbers, Stream};

use super::{Client, poll};
use crate::contract;
use crate::convert::{number_item_from_wire, number_range_to_wire};

#[async_trait]
impl Numbers for Client {
    async fn stream_numbers(
        &self,
        context: &Context,
        range: NumberRange,
    ) -> Result<Stream<NumberItem>, Error> {
        let params = number_range_to_wire(range);
        poll::open(
            self,
            context,
            contract::STREAM_NUMBERS,
            params,
            number_item_from_wire,
        )
        .await
    }
}
