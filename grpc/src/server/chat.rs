//! Chat. The headers of the answer go out when the stream is open, before anybody has said anything.

use futures::stream::BoxStream;
use tonic::{Request, Response, Status, Streaming};

use super::{Servicer, open, replies, reply, until_error};
use crate::contract::chat::chat_service_server::ChatService;
use crate::contract::chat::{ChatMessage, ListParticipantsReply, ListParticipantsRequest};
use crate::convert;
use crate::error::to_wire;

#[tonic::async_trait]
impl ChatService for Servicer {
    type ChatStreamStream = BoxStream<'static, Result<ChatMessage, Status>>;

    async fn chat_stream(
        &self,
        request: Request<Streaming<ChatMessage>>,
    ) -> Result<Response<Self::ChatStreamStream>, Status> {
        let join = convert::join_from_wire(request.metadata());
        let join = join.map_err(|error| to_wire(&error))?;
        let (context, messages) = open(request);
        let said = until_error(messages, convert::chat_message_from_wire);
        let heard = self.0.chat(&context, &join, said).await;
        reply(heard, |heard| replies(heard, convert::chat_message_to_wire))
    }

    async fn post_message(
        &self,
        request: Request<ChatMessage>,
    ) -> Result<Response<ChatMessage>, Status> {
        let (context, message) = open(request);
        let message = convert::chat_message_from_wire(message);
        let said = self.0.post_message(&context, &message).await;
        reply(said, |said| convert::chat_message_to_wire(&said))
    }

    async fn list_participants(
        &self,
        request: Request<ListParticipantsRequest>,
    ) -> Result<Response<ListParticipantsReply>, Status> {
        let (context, ListParticipantsRequest {}) = open(request);
        let users = self.0.list_participants(&context).await;
        reply(users, |users| ListParticipantsReply { users })
    }
}
