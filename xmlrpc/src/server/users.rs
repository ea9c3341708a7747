//! Users.

use dxr::Value;
use services::{Backend, Context, Error};

use super::Room;
use super::calls::written;
use super::streams::{Session, download};
use crate::convert::{
    int, new_user_from_wire, only, user_changes_from_wire, user_page_from_wire, user_to_wire,
};

pub(super) async fn create_user(
    backend: &dyn Backend,
    context: &Context,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let user = new_user_from_wire(values)?;
    let user = backend.create_user(context, &user).await?;
    written(user_to_wire(&user))
}

pub(super) async fn get_user(
    backend: &dyn Backend,
    context: &Context,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let id = only("id", values, int)?;
    let user = backend.get_user(context, id).await?;
    written(user_to_wire(&user))
}

pub(super) async fn list_users(
    room: &Room,
    context: &Context,
    values: Vec<Value>,
) -> Result<Session, Error> {
    let page = user_page_from_wire(values)?;
    let users = room.backend.list_users(context, page).await?;
    Ok(download(users, user_to_wire))
}

pub(super) async fn update_user(
    backend: &dyn Backend,
    context: &Context,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let (id, changes) = user_changes_from_wire(values)?;
    let user = backend.update_user(context, id, &changes).await?;
    written(user_to_wire(&user))
}

pub(super) async fn delete_user(
    backend: &dyn Backend,
    context: &Context,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let id = only("id", values, int)?;
    let user = backend.delete_user(context, id).await?;
    written(user_to_wire(&user))
}
