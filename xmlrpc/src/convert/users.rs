//! Users. What a client sends is refused where XML cannot carry it; what a server tells is shown.

use dxr::Value;
use services::Error;
use services::model::{NewUser, User, UserChanges, UserPage};

use super::fields::{
    Members, int, record_to_wire, shown_to_wire, text, text_to_wire, texts, texts_to_wire,
};
use super::params::{optional_params, params};

/// The parameters of `create_user`, without those at the end that say nothing.
///
/// # Errors
/// [`Error::InvalidArgument`] for text that XML cannot carry.
pub fn new_user_to_wire(user: &NewUser) -> Result<Vec<Value>, Error> {
    let mut values = vec![
        text_to_wire("name", &user.name)?,
        text_to_wire("email", &user.email)?,
    ];
    if !user.roles.is_empty() || user.external_id.is_some() {
        values.push(texts_to_wire("roles", &user.roles)?);
    }
    if let Some(external_id) = &user.external_id {
        values.push(text_to_wire("external_id", external_id)?);
    }
    Ok(values)
}

/// The reverse of [`new_user_to_wire`].
///
/// # Errors
/// [`Error::InvalidArgument`] for other parameters.
pub fn new_user_from_wire(values: Vec<Value>) -> Result<NewUser, Error> {
    let ([name, email], [roles, external_id]) =
        optional_params(values, ["name", "email"], ["roles", "external_id"])?;
    let roles = roles.map(|roles| texts("roles", roles)).transpose()?;
    let external_id = external_id.map(|id| text("external_id", id)).transpose()?;
    Ok(NewUser {
        name: text("name", name)?,
        email: text("email", email)?,
        roles: roles.unwrap_or_default(),
        external_id,
    })
}

/// The parameters of `list_users.open`, without those at the end that say nothing.
#[must_use]
pub fn user_page_to_wire(page: UserPage) -> Vec<Value> {
    match page {
        UserPage { after: 0, limit: 0 } => Vec::new(),
        UserPage { after, limit: 0 } => vec![Value::Integer(after)],
        UserPage { after, limit } => vec![Value::Integer(after), Value::Integer(limit)],
    }
}

/// The reverse of [`user_page_to_wire`].
///
/// # Errors
/// [`Error::InvalidArgument`] for other parameters.
pub fn user_page_from_wire(values: Vec<Value>) -> Result<UserPage, Error> {
    let ([], [after, limit]) = optional_params(values, [], ["after", "limit"])?;
    let after = after.map(|after| int("after", after)).transpose()?;
    let limit = limit.map(|limit| int("limit", limit)).transpose()?;
    Ok(UserPage {
        after: after.unwrap_or_default(),
        limit: limit.unwrap_or_default(),
    })
}

/// The parameters of `update_user`: the id, and a struct of what is to change.
///
/// # Errors
/// [`Error::InvalidArgument`] for text that XML cannot carry.
pub fn user_changes_to_wire(id: i32, changes: &UserChanges) -> Result<Vec<Value>, Error> {
    let name = changes.name.as_deref();
    let email = changes.email.as_deref();
    let roles = changes.roles.as_deref();
    let members = [
        ("name", name.map(|name| text_to_wire("name", name))),
        ("email", email.map(|email| text_to_wire("email", email))),
        ("roles", roles.map(|roles| texts_to_wire("roles", roles))),
    ];
    let members = members.into_iter().filter_map(|(name, value)| {
        let value = value?;
        Some(value.map(|value| (name.to_owned(), value)))
    });
    let changes = members.collect::<Result<_, Error>>().map(Value::Struct)?;
    Ok(vec![Value::Integer(id), changes])
}

/// The reverse of [`user_changes_to_wire`]; a member that is missing leaves what it names.
///
/// # Errors
/// [`Error::InvalidArgument`] for other parameters.
pub fn user_changes_from_wire(values: Vec<Value>) -> Result<(i32, UserChanges), Error> {
    let [id, changes] = params(values, ["id", "changes"])?;
    let mut members = Members::of("changes", changes)?;
    let changes = UserChanges {
        name: members.take_optional("name", text)?,
        email: members.take_optional("email", text)?,
        roles: members.take_optional("roles", texts)?,
    };
    Ok((int("id", id)?, changes))
}

/// A user, as the server tells it.
///
/// # Errors
/// None: it returns a `Result` as the other conversions of stream items do.
pub fn user_to_wire(user: &User) -> Result<Value, Error> {
    let roles = user.roles.iter().map(|role| shown_to_wire(role));
    Ok(record_to_wire([
        ("id", Value::Integer(user.id)),
        ("name", shown_to_wire(&user.name)),
        ("email", shown_to_wire(&user.email)),
        ("roles", Value::Array(roles.collect())),
        ("external_id", shown_to_wire(&user.external_id)),
    ]))
}

/// The reverse of [`user_to_wire`].
///
/// # Errors
/// [`Error::InvalidArgument`] for another value.
pub fn user_from_wire(value: Value) -> Result<User, Error> {
    let mut members = Members::of("user", value)?;
    Ok(User {
        id: members.take("id", int)?,
        name: members.take("name", text)?,
        email: members.take("email", text)?,
        roles: members.take("roles", texts)?,
        external_id: members.take("external_id", text)?,
    })
}
