//! From a method's name and its parameters to the backend, and back to a value.

use dxr::{Fault, MethodCall, Value};
use services::{Code, Context, Error};

use super::{Room, streams, system};
use crate::codec::EncodeError;
use crate::contract::{self, Step};
use crate::convert::{
    health_to_wire, int, metric_request_from_wire, metric_to_wire, params, system_info_to_wire,
    text, text_to_wire, usage_from_wire, usage_report_to_wire,
};
use crate::error::to_wire;

/// Makes a call.
pub(super) async fn call(
    room: &Room,
    context: &Context,
    call: MethodCall<'_>,
) -> Result<Value, Fault> {
    // Boxed, here and below: their futures are large, and would make that of every call so.
    if call.name == contract::MULTICALL {
        return Box::pin(system::multicall(room, context, call.params)).await;
    }
    let result = single(room, context, &call.name, call.params).await;
    result.map_err(|error| to_wire(&error))
}

/// Makes a call of any method but `system.multicall`.
pub(super) async fn single(
    room: &Room,
    context: &Context,
    name: &str,
    values: Vec<Value>,
) -> Result<Value, Error> {
    match name {
        contract::ADD | contract::MULTIPLY | contract::UPPERCASE | contract::CUBE => {
            calculator(room, context, name, values).await
        }
        contract::SAY_HELLO | contract::SAY_HELLO_AGAIN => {
            greeter(room, context, name, values).await
        }
        contract::CALCULATE_METRICS
        | contract::GET_SYSTEM_INFO
        | contract::GET_METRIC
        | contract::CHECK_HEALTH => metrics(room, context, name, values).await,
        name => match Step::named(name) {
            Some((operation, step)) => {
                Box::pin(streams::call(room, context, operation, step, values)).await
            }
            None => system::call(name, values),
        },
    }
}

async fn calculator(
    room: &Room,
    context: &Context,
    name: &str,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let backend = &room.backend;
    match name {
        contract::ADD => {
            let (a, b) = operands(values)?;
            backend.add(context, a, b).await.map(Value::Integer)
        }
        contract::MULTIPLY => {
            let (a, b) = operands(values)?;
            backend.multiply(context, a, b).await.map(Value::Integer)
        }
        contract::UPPERCASE => {
            let text = only("text", values, text)?;
            let upper = backend.uppercase(context, &text).await?;
            written(text_to_wire("the text", &upper))
        }
        _ => {
            let number = only("number", values, int)?;
            backend.cube(context, number).await.map(Value::Integer)
        }
    }
}

async fn greeter(
    room: &Room,
    context: &Context,
    name: &str,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let pid = only("pid", values, int)?;
    let greeting = match name {
        contract::SAY_HELLO => room.backend.say_hello(context, pid).await?,
        _ => room.backend.say_hello_again(context, pid).await?,
    };
    written(text_to_wire("the greeting", &greeting))
}

async fn metrics(
    room: &Room,
    context: &Context,
    name: &str,
    values: Vec<Value>,
) -> Result<Value, Error> {
    let backend = &room.backend;
    match name {
        contract::CALCULATE_METRICS => {
            let usage = usage_from_wire(values)?;
            let report = backend.calculate_metrics(context, &usage).await?;
            written(usage_report_to_wire(&report))
        }
        contract::GET_SYSTEM_INFO => {
            let [] = params(values, [])?;
            let info = backend.get_system_info(context).await?;
            written(system_info_to_wire(&info))
        }
        contract::GET_METRIC => {
            let request = metric_request_from_wire(values)?;
            let metric = backend.get_metric(context, &request).await?;
            written(metric_to_wire(&metric))
        }
        _ => {
            let service = only("service", values, text)?;
            let health = backend.check_health(context, &service).await?;
            written(health_to_wire(&health))
        }
    }
}

fn operands(values: Vec<Value>) -> Result<(i32, i32), Error> {
    let [a, b] = params(values, ["a", "b"])?;
    Ok((int("a", a)?, int("b", b)?))
}

/// The one parameter of a call.
pub(super) fn only<T>(
    field: &'static str,
    values: Vec<Value>,
    read: impl FnOnce(&str, Value) -> Result<T, Error>,
) -> Result<T, Error> {
    let [value] = params(values, [field])?;
    read(field, value)
}

/// A result that XML-RPC cannot carry is the server's fault, not the caller's.
pub(super) fn written(value: Result<Value, Error>) -> Result<Value, Error> {
    value.map_err(|error| Error::internal(format!("the result cannot be written: {error}"), error))
}

/// The same, noticed by the writer.
pub(super) fn unwritable(error: &EncodeError) -> Error {
    Error::new(
        Code::Internal,
        format!("the result cannot be written: {error}"),
    )
}
