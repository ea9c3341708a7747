//! The types of users.

use serde::{Deserialize, Serialize};
use services::model;

/// A user: a result, an item of `list_users`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the members are the model's")]
pub struct User {
    pub id: i32,
    pub name: String,
    pub email: String,
    pub roles: Vec<String>,
    pub external_id: String,
}

/// A user to its object.
#[must_use]
pub fn user_to_wire(user: model::User) -> User {
    User {
        id: user.id,
        name: user.name,
        email: user.email,
        roles: user.roles,
        external_id: user.external_id,
    }
}

/// An object to its user.
#[must_use]
pub fn user_from_wire(user: User) -> model::User {
    model::User {
        id: user.id,
        name: user.name,
        email: user.email,
        roles: user.roles,
        external_id: user.external_id,
    }
}

/// The parameters of `create_user`, by position.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct NewUser<'a>(
    &'a str,
    &'a str,
    &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")] Option<&'a str>,
);

/// A user that is to be, to parameters.
#[must_use]
pub fn new_user_to_wire(user: &model::NewUser) -> NewUser<'_> {
    let external_id = user.external_id.as_deref();
    NewUser(&user.name, &user.email, &user.roles, external_id)
}

/// Parameters, as `#[rpc]` has decoded them, to a user that is to be.
#[must_use]
pub fn new_user_from_wire(
    name: String,
    email: String,
    roles: Option<Vec<String>>,
    external_id: Option<String>,
) -> model::NewUser {
    model::NewUser {
        name,
        email,
        roles: roles.unwrap_or_default(),
        external_id,
    }
}

/// The parameters of `subscribe_list_users`, by position.
#[must_use]
pub const fn user_page_to_wire(page: model::UserPage) -> (i32, i32) {
    (page.after, page.limit)
}

/// Parameters, as `#[rpc]` has decoded them, to a page.
#[must_use]
pub fn user_page_from_wire(after: Option<i32>, limit: Option<i32>) -> model::UserPage {
    model::UserPage {
        after: after.unwrap_or_default(),
        limit: limit.unwrap_or_default(),
    }
}

/// The parameter `changes` of `update_user`: what is left out, or null, stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the members are the model's")]
pub struct UserChanges {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
}

/// Changes to their object.
#[must_use]
pub fn user_changes_to_wire(changes: &model::UserChanges) -> UserChanges {
    UserChanges {
        name: changes.name.clone(),
        email: changes.email.clone(),
        roles: changes.roles.clone(),
    }
}

/// An object to its changes.
#[must_use]
pub fn user_changes_from_wire(changes: UserChanges) -> model::UserChanges {
    model::UserChanges {
        name: changes.name,
        email: changes.email,
        roles: changes.roles,
    }
}
