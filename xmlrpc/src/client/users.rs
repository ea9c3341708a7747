//! Users.

use async_trait::async_trait;
use dxr::Value;
use services::model::{NewUser, User, UserChanges, UserPage};
use services::{Context, Error, Stream, Users};

use super::{Client, poll};
use crate::contract;
use crate::convert::{new_user_to_wire, user_changes_to_wire, user_from_wire, user_page_to_wire};

#[async_trait]
impl Users for Client {
    async fn create_user(&self, context: &Context, user: &NewUser) -> Result<User, Error> {
        let params = new_user_to_wire(user)?;
        self.call(context, contract::CREATE_USER, params, user_from_wire)
            .await
    }

    async fn get_user(&self, context: &Context, id: i32) -> Result<User, Error> {
        let params = vec![Value::Integer(id)];
        self.call(context, contract::GET_USER, params, user_from_wire)
            .await
    }

    async fn list_users(&self, context: &Context, page: UserPage) -> Result<Stream<User>, Error> {
        let params = user_page_to_wire(page);
        poll::open(self, context, contract::LIST_USERS, params, user_from_wire).await
    }

    async fn update_user(
        &self,
        context: &Context,
        id: i32,
        changes: &UserChanges,
    ) -> Result<User, Error> {
        let params = user_changes_to_wire(id, changes)?;
        self.call(context, contract::UPDATE_USER, params, user_from_wire)
            .await
    }

    async fn delete_user(&self, context: &Context, id: i32) -> Result<User, Error> {
        let params = vec![Value::Integer(id)];
        self.call(context, contract::DELETE_USER, params, user_from_wire)
            .await
    }
}
