//! Users, kept in a store.

use async_trait::async_trait;
use services::model::{NewUser, User, UserChanges, UserPage};
use services::{Context, Error, Stream, Users};

use super::Client;
use crate::contract::users::{DeleteUserRequest, GetUserRequest};
use crate::convert;

#[async_trait]
impl Users for Client {
    async fn create_user(&self, context: &Context, user: &NewUser) -> Result<User, Error> {
        let mut stub = self.users.clone();
        let message = convert::new_user_to_wire(user);
        let call = async move |request| stub.create_user(request).await;
        let user = self.unary(context, message, call).await?;
        Ok(convert::user_from_wire(user))
    }

    async fn get_user(&self, context: &Context, id: i32) -> Result<User, Error> {
        let mut stub = self.users.clone();
        let call = async move |request| stub.get_user(request).await;
        let user = self.unary(context, GetUserRequest { id }, call).await?;
        Ok(convert::user_from_wire(user))
    }

    async fn list_users(&self, context: &Context, page: UserPage) -> Result<Stream<User>, Error> {
        let mut stub = self.users.clone();
        let message = convert::user_page_to_wire(&page);
        let call = async move |request| stub.list_users(request).await;
        self.open(context, message, convert::user_from_wire, call)
            .await
    }

    async fn update_user(
        &self,
        context: &Context,
        id: i32,
        changes: &UserChanges,
    ) -> Result<User, Error> {
        let mut stub = self.users.clone();
        let message = convert::user_changes_to_wire(id, changes);
        let call = async move |request| stub.update_user(request).await;
        let user = self.unary(context, message, call).await?;
        Ok(convert::user_from_wire(user))
    }

    async fn delete_user(&self, context: &Context, id: i32) -> Result<User, Error> {
        let mut stub = self.users.clone();
        let call = async move |request| stub.delete_user(request).await;
        let user = self.unary(context, DeleteUserRequest { id }, call).await?;
        Ok(convert::user_from_wire(user))
    }
}
