//! Users.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use services::{Error, model};

use super::{int32, present};
use crate::codec::percent;

/// How many users a page has where its asker does not say.
pub const PAGE_USERS: i32 = 100;

/// How many users a page may have.
pub const MAX_PAGE_USERS: i32 = 1_000;

/// One user: a result, or an item of a page.
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

/// The result of `list_users`: a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Users {
    /// In the order of their ids.
    pub users: Vec<User>,
}

/// The body of `create_user`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the members are the model's")]
pub struct NewUser<'a> {
    pub name: Cow<'a, str>,
    pub email: Cow<'a, str>,
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub roles: Option<Cow<'a, [String]>>,
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub external_id: Option<Cow<'a, str>>,
}

/// A user that is to be to its object.
#[must_use]
pub fn new_user_to_wire(user: &model::NewUser) -> NewUser<'_> {
    let roles = Cow::Borrowed(&*user.roles);
    NewUser {
        name: Cow::Borrowed(&user.name),
        email: Cow::Borrowed(&user.email),
        roles: Some(roles).filter(|roles| !roles.is_empty()),
        external_id: user.external_id.as_deref().map(Cow::Borrowed),
    }
}

/// An object to the user that is to be.
#[must_use]
pub fn new_user_from_wire(user: NewUser<'_>) -> model::NewUser {
    model::NewUser {
        name: user.name.into_owned(),
        email: user.email.into_owned(),
        roles: user.roles.map(Cow::into_owned).unwrap_or_default(),
        external_id: user.external_id.map(Cow::into_owned),
    }
}

/// The body of `update_user`: what is not there stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the members are the model's")]
pub struct UserChanges<'a> {
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub name: Option<Cow<'a, str>>,
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub email: Option<Cow<'a, str>>,
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub roles: Option<Cow<'a, [String]>>,
}

/// Changes to their object.
#[must_use]
pub fn user_changes_to_wire(changes: &model::UserChanges) -> UserChanges<'_> {
    UserChanges {
        name: changes.name.as_deref().map(Cow::Borrowed),
        email: changes.email.as_deref().map(Cow::Borrowed),
        roles: changes.roles.as_deref().map(Cow::Borrowed),
    }
}

/// An object to its changes.
#[must_use]
pub fn user_changes_from_wire(changes: UserChanges<'_>) -> model::UserChanges {
    model::UserChanges {
        name: changes.name.map(Cow::into_owned),
        email: changes.email.map(Cow::into_owned),
        roles: changes.roles.map(Cow::into_owned),
    }
}

/// The segment of a user.
#[must_use]
pub fn user_id_to_wire(id: i32) -> String {
    id.to_string()
}

/// A segment and a query, which has to be empty, to the id of a user.
///
/// # Errors
/// [`Error::InvalidArgument`] where they are malformed or the id does not fit in 32 bits.
pub fn user_id_from_wire(segment: &str, query: &str) -> Result<i32, Error> {
    let [] = percent::query(query, [])?;
    int32("id", &percent::decode(segment)?)
}

/// The query of a page with at most [`MAX_PAGE_USERS`].
#[must_use]
pub fn user_page_to_wire(page: model::UserPage) -> String {
    let limit = match page.limit {
        0 => MAX_PAGE_USERS,
        limit => limit.min(MAX_PAGE_USERS),
    };
    format!("after={}&limit={limit}", page.after)
}

/// A query to its page. A negative limit is left to the service, which refuses it.
///
/// # Errors
/// [`Error::InvalidArgument`] where it is malformed, or the limit is 0 or more than a page may have.
pub fn user_page_from_wire(query: &str) -> Result<model::UserPage, Error> {
    let [after, limit] = percent::optional(query, ["after", "limit"])?;
    let after = after.map(|after| int32("after", &after)).transpose()?;
    let limit = limit.map(|limit| page_limit(&limit)).transpose()?;
    Ok(model::UserPage {
        after: after.unwrap_or_default(),
        limit: limit.unwrap_or(PAGE_USERS),
    })
}

fn page_limit(text: &str) -> Result<i32, Error> {
    let limit = int32("limit", text)?;
    if limit == 0 || limit > MAX_PAGE_USERS {
        let wanted = format!("send 1 to {MAX_PAGE_USERS}, and follow the header Link");
        return Err(Error::invalid("limit", text, &wanted));
    }
    Ok(limit)
}
