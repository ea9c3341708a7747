//! Users.

use super::{Field, Kind, Operation, Repeat, Shape, field, optional, unary};

const ROLES: Shape = Shape::List(&Shape::Text);

const USER: Shape = Shape::Record(&[
    field("id", Shape::Int32),
    field("name", Shape::Text),
    field("email", Shape::Text),
    field("roles", ROLES),
    field("external_id", Shape::Text),
]);

const USER_CHANGES: Shape = Shape::Record(&[
    optional("name", Shape::Text),
    optional("email", Shape::Text),
    optional("roles", ROLES),
]);

const ID: &[Field] = &[field("id", Shape::Int32)];

/// See [`Users::create_user`](crate::Users::create_user).
pub static CREATE_USER: Operation = Operation {
    repeat: Repeat::Unsafe,
    ..unary(
        "users",
        "create_user",
        &[
            field("name", Shape::Text),
            field("email", Shape::Text),
            optional("roles", ROLES),
            optional("external_id", Shape::Text),
        ],
        USER,
        "Keeps a new user.",
    )
};

/// See [`Users::get_user`](crate::Users::get_user).
pub static GET_USER: Operation = unary("users", "get_user", ID, USER, "The user with an id.");

/// See [`Users::list_users`](crate::Users::list_users).
pub static LIST_USERS: Operation = Operation {
    kind: Kind::ServerStream,
    ..unary(
        "users",
        "list_users",
        &[
            optional("after", Shape::Int32),
            optional("limit", Shape::Int32),
        ],
        USER,
        "Users in the order of their ids, all or a page of them.",
    )
};

/// See [`Users::update_user`](crate::Users::update_user).
pub static UPDATE_USER: Operation = Operation {
    repeat: Repeat::Unsafe,
    ..unary(
        "users",
        "update_user",
        &[field("id", Shape::Int32), field("changes", USER_CHANGES)],
        USER,
        "Changes a user's name, e-mail address or roles.",
    )
};

/// See [`Users::delete_user`](crate::Users::delete_user).
pub static DELETE_USER: Operation = Operation {
    repeat: Repeat::Unsafe,
    ..unary(
        "users",
        "delete_user",
        ID,
        USER,
        "Removes a user; gives it as it was.",
    )
};
