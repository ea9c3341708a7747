//! Users as the Portuguese course's service names them.

use dxr::Value;
use services::Error;
use services::model::{NewUsuario, Password, Usuario};

use super::fields::{Members, list, record_to_wire, shown_to_wire, text, text_to_wire};
use super::params::optional_params;

/// The parameters of `criar_usuario`.
///
/// # Errors
/// [`Error::InvalidArgument`] for text that XML cannot carry.
pub fn new_usuario_to_wire(usuario: &NewUsuario) -> Result<Vec<Value>, Error> {
    let Password(senha) = &usuario.senha;
    let mut values = vec![
        text_to_wire("nome", &usuario.nome)?,
        text_to_wire("email", &usuario.email)?,
        text_to_wire("senha", senha)
            .map_err(|_| unfit_password("leave out what XML cannot carry"))?,
    ];
    if let Some(id) = &usuario.id {
        values.push(text_to_wire("id", id)?);
    }
    Ok(values)
}

/// The reverse of [`new_usuario_to_wire`].
///
/// # Errors
/// [`Error::InvalidArgument`] for other parameters.
pub fn new_usuario_from_wire(values: Vec<Value>) -> Result<NewUsuario, Error> {
    let ([nome, email, senha], [id]) = optional_params(values, ["nome", "email", "senha"], ["id"])?;
    let senha = text("senha", senha).map_err(|_| unfit_password("send a string"))?;
    Ok(NewUsuario {
        id: id.map(|id| text("id", id)).transpose()?,
        nome: text("nome", nome)?,
        email: text("email", email)?,
        senha: Password(senha),
    })
}

/// Repeats nothing of the password, unlike the errors of other fields.
fn unfit_password(wanted: &str) -> Error {
    Error::InvalidArgument(format!(
        "senha is not a password that can be sent: {wanted}"
    ))
}

/// A user, as the server tells it.
#[must_use]
pub fn usuario_to_wire(usuario: &Usuario) -> Value {
    record_to_wire([
        ("id", shown_to_wire(&usuario.id)),
        ("nome", shown_to_wire(&usuario.nome)),
        ("email", shown_to_wire(&usuario.email)),
    ])
}

/// The reverse of [`usuario_to_wire`].
///
/// # Errors
/// [`Error::InvalidArgument`] for another value.
pub fn usuario_from_wire(value: Value) -> Result<Usuario, Error> {
    let mut members = Members::of("usuario", value)?;
    Ok(Usuario {
        id: members.take("id", text)?,
        nome: members.take("nome", text)?,
        email: members.take("email", text)?,
    })
}

/// The result of `obter_usuarios`.
#[must_use]
pub fn usuarios_to_wire(usuarios: &[Usuario]) -> Value {
    Value::Array(usuarios.iter().map(usuario_to_wire).collect())
}

/// The reverse of [`usuarios_to_wire`].
///
/// # Errors
/// [`Error::InvalidArgument`] for another value.
pub fn usuarios_from_wire(value: Value) -> Result<Vec<Usuario>, Error> {
    let items = list("usuarios", value)?.into_iter();
    items.map(usuario_from_wire).collect()
}
