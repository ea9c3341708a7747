//! Users over the wire.

use async_trait::async_trait;
use services::model::{NewUser, User, UserChanges, UserPage};
use services::operation::{CREATE_USER, DELETE_USER, GET_USER, LIST_USERS, UPDATE_USER};
use services::{Context, Error, Stream, Users};

use super::Client;
use crate::convert::{new_user_to_wire, user_changes_to_wire, user_from_wire, user_page_to_wire};

#[async_trait]
impl Users for Client {
    async fn create_user(&self, context: &Context, user: &NewUser) -> Result<User, Error> {
        let params = new_user_to_wire(user);
        let user = self.call(context, CREATE_USER.name, params).await;
        user.map(user_from_wire)
    }

    async fn get_user(&self, context: &Context, id: i32) -> Result<User, Error> {
        let user = self.call(context, GET_USER.name, [id]).await;
        user.map(user_from_wire)
    }

    async fn list_users(&self, context: &Context, page: UserPage) -> Result<Stream<User>, Error> {
        let params = user_page_to_wire(page);
        self.subscribe(context, &LIST_USERS, params, user_from_wire)
            .await
    }

    async fn update_user(
        &self,
        context: &Context,
        id: i32,
        changes: &UserChanges,
    ) -> Result<User, Error> {
        let params = (id, user_changes_to_wire(changes));
        let user = self.call(context, UPDATE_USER.name, params).await;
        user.map(user_from_wire)
    }

    async fn delete_user(&self, context: &Context, id: i32) -> Result<User, Error> {
        let user = self.call(context, DELETE_USER.name, [id]).await;
        user.map(user_from_wire)
    }
}
