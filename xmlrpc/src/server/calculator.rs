//! The calculator.

use dxr::Value;
use services::{Backend, Context, Error};

use super::calls::written;
use crate::convert::{int, only, params, text, text_to_wire};

pub(super) async fn add(
    backend: &dyn Backend,
    context: &Context,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let (a, b) = operands(values)?;
    backend.add(context, a, b).await.map(Value::Integer)
}

pub(super) async fn multiply(
    backend: &dyn Backend,
    context: &Context,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let (a, b) = operands(values)?;
    backend.multiply(context, a, b).await.map(Value::Integer)
}

pub(super) async fn uppercase(
    backend: &dyn Backend,
    context: &Context,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let text = only("text", values, text)?;
    let upper = backend.uppercase(context, &text).await?;
    written(text_to_wire("the text", &upper))
}

pub(super) async fn cube(
    backend: &dyn Backend,
    context: &Context,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let number = only("number", values, int)?;
    backend.cube(context, number).await.map(Value::Integer)
}

fn operands(values: Vec<Value>) -> Result<(i32, i32), Error> {
    let [a, b] = params(values, ["a", "b"])?;
    Ok((int("a", a)?, int("b", b)?))
}
