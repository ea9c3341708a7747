//! Users ↔ wire types.

use services::model::{NewUser, User, UserChanges, UserPage};

use crate::contract::users::{
    CreateUserRequest, Empty, Roles, UpdateUserRequest, User as UserMessage,
};

/// A user as its message.
#[must_use]
pub fn user_to_wire(user: &User) -> UserMessage {
    UserMessage {
        id: user.id,
        name: user.name.clone(),
        email: user.email.clone(),
        roles: user.roles.clone(),
        external_id: user.external_id.clone(),
    }
}

/// A user from its message.
#[must_use]
pub fn user_from_wire(message: UserMessage) -> User {
    User {
        id: message.id,
        name: message.name,
        email: message.email,
        roles: message.roles,
        external_id: message.external_id,
    }
}

/// A user that is to be, as its message.
#[must_use]
pub fn new_user_to_wire(user: &NewUser) -> CreateUserRequest {
    CreateUserRequest {
        name: user.name.clone(),
        email: user.email.clone(),
        roles: user.roles.clone(),
        external_id: user.external_id.clone().unwrap_or_default(),
    }
}

/// A user that is to be, from its message.
#[must_use]
pub fn new_user_from_wire(message: CreateUserRequest) -> NewUser {
    NewUser {
        name: message.name,
        email: message.email,
        roles: message.roles,
        external_id: given(message.external_id),
    }
}

/// Which users are wanted, as their message.
#[must_use]
pub fn user_page_to_wire(page: &UserPage) -> Empty {
    Empty {
        after: page.after,
        limit: page.limit,
    }
}

/// Which users are wanted, from their message.
#[must_use]
pub fn user_page_from_wire(message: Empty) -> UserPage {
    UserPage {
        after: message.after,
        limit: message.limit,
    }
}

/// What is to change of the user with that id, as its message.
#[must_use]
pub fn user_changes_to_wire(id: i32, changes: &UserChanges) -> UpdateUserRequest {
    UpdateUserRequest {
        id,
        name: changes.name.clone(),
        email: changes.email.clone(),
        roles: changes.roles.clone().map(|roles| Roles { roles }),
    }
}

/// What is to change, and the id of whom, from its message.
#[must_use]
pub fn user_changes_from_wire(message: UpdateUserRequest) -> (i32, UserChanges) {
    let changes = UserChanges {
        name: message.name,
        email: message.email,
        roles: message.roles.map(|Roles { roles }| roles),
    };
    (message.id, changes)
}

/// An id that the caller may leave out: protobuf does not tell none from an empty one.
pub(super) fn given(id: String) -> Option<String> {
    (!id.is_empty()).then_some(id)
}
