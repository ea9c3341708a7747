//! The Portuguese course's users.

use super::{Operation, Repeat, Shape, field, optional, unary};

const USUARIO: Shape = Shape::Record(&[
    field("id", Shape::Text),
    field("nome", Shape::Text),
    field("email", Shape::Text),
]);

/// See [`Usuarios::criar_usuario`](crate::Usuarios::criar_usuario).
pub static CRIAR_USUARIO: Operation = Operation {
    repeat: Repeat::Unsafe,
    ..unary(
        "usuarios",
        "criar_usuario",
        &[
            field("nome", Shape::Text),
            field("email", Shape::Text),
            field("senha", Shape::Text),
            optional("id", Shape::Text),
        ],
        USUARIO,
        "Keeps a new user with a password.",
    )
};

/// See [`Usuarios::obter_usuarios`](crate::Usuarios::obter_usuarios).
pub static OBTER_USUARIOS: Operation = unary(
    "usuarios",
    "obter_usuarios",
    &[],
    Shape::List(&USUARIO),
    "All users, without their passwords.",
);
