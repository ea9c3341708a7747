//! Streams of numbers.

use async_trait::async_trait;
use services::model::{NumberItem, NumberRange};
use services::{Context, Error, Numbers, Stream};

use super::Client;
use crate::convert;

#[async_trait]
impl Numbers for Client {
    async fn stream_numbers(
        &self,
        context: &Context,
        range: NumberRange,
    ) -> Result<Stream<NumberItem>, Error> {
        let mut stub = self.numbers.clone();
        let message = convert::number_range_to_wire(&range);
        let call = async move |request| stub.stream_numbers(request).await;
        self.open(context, message, convert::number_item_from_wire, call)
            .await
    }
}
