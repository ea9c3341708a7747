//! The Portuguese course's users ↔ wire types. One message serves both ways there: a password goes
//! up in it, and none comes down.

use services::model::{NewUsuario, Password, Usuario};

use super::users::given;
use crate::contract::usuarios::Usuario as UsuarioMessage;

/// A user as its message, which has no password.
#[must_use]
pub fn usuario_to_wire(usuario: &Usuario) -> UsuarioMessage {
    UsuarioMessage {
        id: usuario.id.clone(),
        nome: usuario.nome.clone(),
        email: usuario.email.clone(),
        senha: String::new(),
    }
}

/// A user from its message. A course's server sends the password back, which is not kept.
#[must_use]
pub fn usuario_from_wire(message: UsuarioMessage) -> Usuario {
    Usuario {
        id: message.id,
        nome: message.nome,
        email: message.email,
    }
}

/// A user that is to be, as its message.
#[must_use]
pub fn new_usuario_to_wire(usuario: &NewUsuario) -> UsuarioMessage {
    UsuarioMessage {
        id: usuario.id.clone().unwrap_or_default(),
        nome: usuario.nome.clone(),
        email: usuario.email.clone(),
        senha: usuario.senha.0.clone(),
    }
}

/// A user that is to be, from its message.
#[must_use]
pub fn new_usuario_from_wire(message: UsuarioMessage) -> NewUsuario {
    NewUsuario {
        id: given(message.id),
        nome: message.nome,
        email: message.email,
        senha: Password(message.senha),
    }
}
