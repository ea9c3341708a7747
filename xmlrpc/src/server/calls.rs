//! From a method's name to the function that makes the call, and back to a value.

use dxr::{Fault, MethodCall, Value};
use services::{Code, Context, Error};

use super::{Room, calculator, chat, greeter, metrics, streams, system, users, usuarios};
use crate::codec::EncodeError;
use crate::contract::{self, Step};
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
    if let Some((operation, step)) = Step::named(name) {
        return Box::pin(streams::call(room, context, operation, step, values)).await;
    }
    let backend = &*room.backend;
    match name {
        contract::ADD => calculator::add(backend, context, values).await,
        contract::MULTIPLY => calculator::multiply(backend, context, values).await,
        contract::UPPERCASE => calculator::uppercase(backend, context, values).await,
        contract::CUBE => calculator::cube(backend, context, values).await,
        contract::SAY_HELLO => greeter::say_hello(backend, context, values).await,
        contract::SAY_HELLO_AGAIN => greeter::say_hello_again(backend, context, values).await,
        contract::CALCULATE_METRICS => metrics::calculate_metrics(backend, context, values).await,
        contract::GET_SYSTEM_INFO => metrics::get_system_info(backend, context, values).await,
        contract::GET_METRIC => metrics::get_metric(backend, context, values).await,
        contract::CHECK_HEALTH => metrics::check_health(backend, context, values).await,
        contract::CREATE_USER => users::create_user(backend, context, values).await,
        contract::GET_USER => users::get_user(backend, context, values).await,
        contract::UPDATE_USER => users::update_user(backend, context, values).await,
        contract::DELETE_USER => users::delete_user(backend, context, values).await,
        contract::CRIAR_USUARIO => usuarios::criar_usuario(backend, context, values).await,
        contract::OBTER_USUARIOS => usuarios::obter_usuarios(backend, context, values).await,
        contract::POST_MESSAGE => chat::post_message(backend, context, values).await,
        contract::LIST_PARTICIPANTS => chat::list_participants(backend, context, values).await,
        contract::LIST_METHODS => system::list_methods(values),
        contract::METHOD_SIGNATURE => system::method_signature(values),
        contract::METHOD_HELP => system::method_help(values),
        name => Err(Error::unknown_operation(name)),
    }
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
