//! Users as the Portuguese course's service names them.

use dxr::Value;
use services::{Backend, Context, Error};

use crate::convert::{new_usuario_from_wire, params, usuario_to_wire, usuarios_to_wire};

pub(super) async fn criar_usuario(
    backend: &dyn Backend,
    context: &Context,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let usuario = new_usuario_from_wire(values)?;
    let usuario = backend.criar_usuario(context, &usuario).await?;
    Ok(usuario_to_wire(&usuario))
}

pub(super) async fn obter_usuarios(
    backend: &dyn Backend,
    context: &Context,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let [] = params(values, [])?;
    let usuarios = backend.obter_usuarios(context).await?;
    Ok(usuarios_to_wire(&usuarios))
}
