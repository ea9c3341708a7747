//! The greeter.

use dxr::Value;
use services::{Backend, Context, Error};

use super::calls::written;
use crate::convert::{int, only, text_to_wire};

pub(super) async fn say_hello(
    backend: &dyn Backend,
    context: &Context,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let pid = only("pid", values, int)?;
    let greeting = backend.say_hello(context, pid).await?;
    written(text_to_wire("the greeting", &greeting))
}

pub(super) async fn say_hello_again(
    backend: &dyn Backend,
    context: &Context,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let pid = only("pid", values, int)?;
    let greeting = backend.say_hello_again(context, pid).await?;
    written(text_to_wire("the greeting", &greeting))
}
