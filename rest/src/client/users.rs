//! Users.

use async_trait::async_trait;
use services::model::{NewUser, User, UserChanges, UserPage};
use services::stream::covered;
use services::{Context, Error, Stream, Users};

use super::Client;
use super::pages::Pages;
use crate::{contract, convert};

#[async_trait]
impl Users for Client {
    async fn create_user(&self, context: &Context, user: &NewUser) -> Result<User, Error> {
        let body = convert::new_user_to_wire(user);
        let user = self.post(context, &contract::CREATE_USER, body);
        user.await.map(convert::user_from_wire)
    }

    async fn get_user(&self, context: &Context, id: i32) -> Result<User, Error> {
        let route = &contract::GET_USER;
        let target = route.with_segment(&convert::user_id_to_wire(id));
        let user = self.get(context, route, &target);
        user.await.map(convert::user_from_wire)
    }

    async fn list_users(&self, context: &Context, page: UserPage) -> Result<Stream<User>, Error> {
        let pages = Pages::open(self.clone(), context, page).await?;
        Ok(covered(context, pages.users()))
    }

    async fn update_user(
        &self,
        context: &Context,
        id: i32,
        changes: &UserChanges,
    ) -> Result<User, Error> {
        let route = &contract::UPDATE_USER;
        let target = route.with_segment(&convert::user_id_to_wire(id));
        let body = convert::user_changes_to_wire(changes);
        let user = self.send(context, route, &target, body);
        user.await.map(convert::user_from_wire)
    }

    async fn delete_user(&self, context: &Context, id: i32) -> Result<User, Error> {
        let route = &contract::DELETE_USER;
        let target = route.with_segment(&convert::user_id_to_wire(id));
        let user = self.get(context, route, &target);
        user.await.map(convert::user_from_wire)
    }
}
