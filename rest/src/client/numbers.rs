//! Streams of numbers.

use async_trait::async_trait;
use services::model::{NumberItem, NumberRange};
use services::{Context, Error, Numbers, Stream};

use super::Client;
use crate::{contract, convert};

#[async_trait]
impl Numbers for Client {
    async fn stream_numbers(
        &self,
        context: &Context,
        range: NumberRange,
    ) -> Result<Stream<NumberItem>, Error> {
        let route = &contract::STREAM_NUMBERS;
        let target = format!("{}?{}", route.path, convert::number_range_to_wire(range));
        self.open(context, route, &target, convert::number_item_from_wire)
            .await
    }
}
