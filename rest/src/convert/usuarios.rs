//! Users as the Portuguese course's service names them.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use services::model;
use services::model::Password;

use super::present;

/// One user, without the password, which no answer has.
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

/// The result of `obter_usuarios`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usuarios {
    /// In the order in which they were made.
    pub usuarios: Vec<Usuario>,
}

/// The result of `criar_usuario`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsuarioCriado {
    /// What was done, for people.
    #[serde(default)]
    pub mensagem: String,
    /// The user that was made.
    pub usuario: Usuario,
}

/// A user that was made to its object.
#[must_use]
pub fn usuario_criado_to_wire(usuario: model::Usuario) -> UsuarioCriado {
    UsuarioCriado {
        mensagem: "Usuário criado com sucesso".into(),
        usuario: usuario_to_wire(usuario),
    }
}

/// The body of `criar_usuario`. `Debug` hides the password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the members are the model's")]
pub struct NewUsuario<'a> {
    pub nome: Cow<'a, str>,
    pub email: Cow<'a, str>,
    #[serde(serialize_with = "written", deserialize_with = "read")]
    pub senha: Cow<'a, Password>,
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub id: Option<Cow<'a, str>>,
}

fn written<S: Serializer>(senha: &Password, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&senha.0)
}

fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Cow<'static, Password>, D::Error> {
    String::deserialize(deserializer).map(|senha| Cow::Owned(Password(senha)))
}

/// A user that is to be to its object.
#[must_use]
pub fn new_usuario_to_wire(usuario: &model::NewUsuario) -> NewUsuario<'_> {
    NewUsuario {
        nome: Cow::Borrowed(&usuario.nome),
        email: Cow::Borrowed(&usuario.email),
        senha: Cow::Borrowed(&usuario.senha),
        id: usuario.id.as_deref().map(Cow::Borrowed),
    }
}

/// An object to the user that is to be.
#[must_use]
pub fn new_usuario_from_wire(usuario: NewUsuario<'_>) -> model::NewUsuario {
    model::NewUsuario {
        id: usuario.id.map(Cow::into_owned),
        nome: usuario.nome.into_owned(),
        email: usuario.email.into_owned(),
        senha: usuario.senha.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_sent_and_never_shown() {
        let usuario = model::NewUsuario {
            senha: Password("hunter2".into()),
            ..model::NewUsuario::default()
        };
        let wire = new_usuario_to_wire(&usuario);
        let text = serde_json::to_string(&wire).unwrap();
        assert_eq!(text, r#"{"nome":"","email":"","senha":"hunter2"}"#);
        assert!(!format!("{wire:?}").contains("hunter2"));
        let read: NewUsuario<'_> = serde_json::from_str(&text).unwrap();
        assert_eq!(new_usuario_from_wire(read), usuario);
    }
}
