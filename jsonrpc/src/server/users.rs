//! Users over the backend.

use jsonrpsee::core::{SubscriptionResult, async_trait};
use jsonrpsee::{Extensions, PendingSubscriptionSink};

use super::subscription::{opening, subscribed};
use super::{Room, context};
use crate::contract::Answer;
use crate::contract::users::UsersServer;
use crate::convert::{
    User, UserChanges, new_user_from_wire, user_changes_from_wire, user_page_from_wire,
    user_to_wire,
};
use crate::error::to_wire;

#[async_trait]
impl UsersServer for Room {
    async fn create_user(
        &self,
        call: &Extensions,
        name: String,
        email: String,
        roles: Option<Vec<String>>,
        external_id: Option<String>,
    ) -> Answer<User> {
        let user = new_user_from_wire(name, email, roles, external_id);
        match self.backend.create_user(&context(call), &user).await {
            Ok(user) => Ok(user_to_wire(user)),
            Err(error) => Err(to_wire(&error)),
        }
    }

    async fn get_user(&self, call: &Extensions, id: i32) -> Answer<User> {
        match self.backend.get_user(&context(call), id).await {
            Ok(user) => Ok(user_to_wire(user)),
            Err(error) => Err(to_wire(&error)),
        }
    }

    async fn list_users(
        &self,
        pending: PendingSubscriptionSink,
        call: &Extensions,
        after: Option<i32>,
        limit: Option<i32>,
    ) -> SubscriptionResult {
        let context = context(call);
        let page = user_page_from_wire(after, limit);
        let open = self.backend.list_users(&context, page);
        subscribed(pending, opening(call).run(open).await, user_to_wire).await
    }

    async fn update_user(&self, call: &Extensions, id: i32, changes: UserChanges) -> Answer<User> {
        let changes = user_changes_from_wire(changes);
        match self.backend.update_user(&context(call), id, &changes).await {
            Ok(user) => Ok(user_to_wire(user)),
            Err(error) => Err(to_wire(&error)),
        }
    }

    async fn delete_user(&self, call: &Extensions, id: i32) -> Answer<User> {
        match self.backend.delete_user(&context(call), id).await {
            Ok(user) => Ok(user_to_wire(user)),
            Err(error) => Err(to_wire(&error)),
        }
    }
}
