//! The types of the Portuguese course's users. No type that is answered has a password.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use services::model;

/// A user as the course tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the members are the model's")]
pub struct Usuario {
    pub id: String,
    pub nome: String,
    pub email: String,
}

/// A user to its object.
#[must_use]
pub fn usuario_to_wire(usuario: model::Usuario) -> Usuario {
    Usuario {
        id: usuario.id,
        nome: usuario.nome,
        email: usuario.email,
    }
}

/// An object to its user.
#[must_use]
pub fn usuario_from_wire(usuario: Usuario) -> model::Usuario {
    model::Usuario {
        id: usuario.id,
        nome: usuario.nome,
        email: usuario.email,
    }
}

/// The parameters of `criar_usuario`, by position. Without `Debug`, because of the password.
#[derive(Clone, Copy, Serialize)]
#[allow(missing_debug_implementations, reason = "it would show the password")]
pub struct NewUsuario<'a>(
    &'a str,
    &'a str,
    &'a str,
    #[serde(skip_serializing_if = "Option::is_none")] Option<&'a str>,
);

/// A user that is to be, to parameters.
#[must_use]
pub fn new_usuario_to_wire(usuario: &model::NewUsuario) -> NewUsuario<'_> {
    let senha = &usuario.senha.0;
    NewUsuario(&usuario.nome, &usuario.email, senha, usuario.id.as_deref())
}

/// Parameters, as `#[rpc]` has decoded them, to a user that is to be.
#[must_use]
pub fn new_usuario_from_wire(
    nome: String,
    email: String,
    senha: Senha,
    id: Option<String>,
) -> model::NewUsuario {
    model::NewUsuario {
        id,
        nome,
        email,
        senha: senha.0,
    }
}

/// A password as it comes. `Debug` hides it, and so does the error where it is no string:
/// jsonrpsee writes the errors of parameters to its log.
#[derive(Debug, Clone)]
pub struct Senha(pub model::Password);

impl<'de> Deserialize<'de> for Senha {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        let senha = serde_json::from_str(text.get());
        let senha = senha.map_err(|_| D::Error::custom("the password is not a string"))?;
        Ok(Self(model::Password(senha)))
    }
}
