//! The methods of users, a subscription among them. What may be left out is an `Option`.

use jsonrpsee::core::SubscriptionResult;
use jsonrpsee::proc_macros::rpc;

use super::Answer;
use crate::convert::{User, UserChanges};

/// See [`services::Users`].
#[rpc(server)]
pub trait Users {
    /// See [`services::Users::create_user`].
    #[method(name = "create_user", with_extensions)]
    async fn create_user(
        &self,
        name: String,
        email: String,
        roles: Option<Vec<String>>,
        external_id: Option<String>,
    ) -> Answer<User>;

    /// See [`services::Users::get_user`].
    #[method(name = "get_user", with_extensions)]
    async fn get_user(&self, id: i32) -> Answer<User>;

    /// See [`services::Users::list_users`].
    #[subscription(
        name = "subscribe_list_users" => "list_users",
        unsubscribe = "unsubscribe_list_users",
        item = crate::convert::StreamItem<User>,
        with_extensions
    )]
    async fn list_users(&self, after: Option<i32>, limit: Option<i32>) -> SubscriptionResult;

    /// See [`services::Users::update_user`].
    #[method(name = "update_user", with_extensions)]
    async fn update_user(&self, id: i32, changes: UserChanges) -> Answer<User>;

    /// See [`services::Users::delete_user`].
    #[method(name = "delete_user", with_extensions)]
    async fn delete_user(&self, id: i32) -> Answer<User>;
}
