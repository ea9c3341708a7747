//! Streams of numbers.

use futures::stream::BoxStream;
use tonic::{Request, Response, Status};

use super::{Servicer, open, replies, reply};
use crate::contract::streaming::stream_service_server::StreamService;
use crate::contract::streaming::{StreamReply, StreamRequest};
use crate::convert;

#[tonic::async_trait]
impl StreamService for Servicer {
    type StreamNumbersStream = BoxStream<'static, Result<StreamReply, Status>>;

    async fn stream_numbers(
        &self,
        request: Request<StreamRequest>,
    ) -> Result<Response<Self::StreamNumbersStream>, Status> {
        let (context, message) = open(request);
        let range = convert::number_range_from_wire(message);
        let numbers = self.0.stream_numbers(&context, range).await;
        reply(numbers, |numbers| {
            replies(numbers, convert::number_item_to_wire)
        })
    }
}
