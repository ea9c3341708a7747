//! Users, kept in a store.

use futures::stream::BoxStream;
use tonic::{Request, Response, Status};

use super::{Servicer, open, replies, reply};
use crate::contract::users::user_service_server::UserService;
use crate::contract::users::{
    CreateUserRequest, DeleteUserRequest, Empty, GetUserRequest, UpdateUserRequest, User,
};
use crate::convert;

#[tonic::async_trait]
impl UserService for Servicer {
    async fn create_user(
        &self,
        request: Request<CreateUserRequest>,
    ) -> Result<Response<User>, Status> {
        let (context, message) = open(request);
        let user = convert::new_user_from_wire(message);
        let user = self.0.create_user(&context, &user).await;
        reply(user, |user| convert::user_to_wire(&user))
    }

    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        let (context, GetUserRequest { id }) = open(request);
        let user = self.0.get_user(&context, id).await;
        reply(user, |user| convert::user_to_wire(&user))
    }

    type ListUsersStream = BoxStream<'static, Result<User, Status>>;

    async fn list_users(
        &self,
        request: Request<Empty>,
    ) -> Result<Response<Self::ListUsersStream>, Status> {
        let (context, message) = open(request);
        let page = convert::user_page_from_wire(message);
        let users = self.0.list_users(&context, page).await;
        reply(users, |users| replies(users, convert::user_to_wire))
    }

    async fn update_user(
        &self,
        request: Request<UpdateUserRequest>,
    ) -> Result<Response<User>, Status> {
        let (context, message) = open(request);
        let (id, changes) = convert::user_changes_from_wire(message);
        let user = self.0.update_user(&context, id, &changes).await;
        reply(user, |user| convert::user_to_wire(&user))
    }

    async fn delete_user(
        &self,
        request: Request<DeleteUserRequest>,
    ) -> Result<Response<User>, Status> {
        let (context, DeleteUserRequest { id }) = open(request);
        let user = self.0.delete_user(&context, id).await;
        reply(user, |user| convert::user_to_wire(&user))
    }
}
