//! The methods that every XML-RPC server should have: introspection, and several calls in one.

use dxr::{Fault, Value};
use services::{Code, Context, Error};
use transport::http::answered_together;

use super::Room;
use super::calls::single;
use crate::codec::{carriable, size};
use crate::contract::{self, METHODS, Method};
use crate::convert::{Members, list, only, params, record_to_wire, text};
use crate::error::{invalid_request, to_wire};

/// Most calls of one `system.multicall`.
const MULTICALL_CALLS: usize = 1_000;

/// Most bytes of its results, roughly; the calls past it are refused. Four times what a request
/// may hold, since a call can answer more than it takes.
const MULTICALL_BYTES: usize = 8 * 1024 * 1024;

pub(super) fn list_methods(values: Vec<Value>) -> Result<Value, Error> {
    let [] = params(values, [])?;
    let names = METHODS
        .iter()
        .map(|method| Value::String(method.name.clone()));
    Ok(Value::Array(names.collect()))
}

pub(super) fn method_signature(values: Vec<Value>) -> Result<Value, Error> {
    let signatures = method(values)?.signatures.iter();
    Ok(Value::Array(signatures.map(types_to_wire).collect()))
}

pub(super) fn method_help(values: Vec<Value>) -> Result<Value, Error> {
    Ok(Value::String(method(values)?.help.clone()))
}

fn types_to_wire(types: &contract::Signature) -> Value {
    let types = types.iter().map(|&name| Value::String(name.into()));
    Value::Array(types.collect())
}

fn method(values: Vec<Value>) -> Result<&'static Method, Error> {
    let name = only("method", values, text)?;
    contract::method(&name).ok_or_else(|| Error::unknown_operation(&name))
}

/// Makes the calls one after the other, and gives for each an array of its one result or a fault.
pub(super) async fn multicall(
    room: &Room,
    context: &Context,
    values: Vec<Value>,
) -> Result<Value, Fault> {
    let calls = only("calls", values, list).map_err(|error| to_wire(&error))?;
    if calls.len() > MULTICALL_CALLS {
        let reason = format!("{} calls came: send at most {MULTICALL_CALLS}", calls.len());
        return Err(invalid_request(reason));
    }
    let mut results = Vec::with_capacity(calls.len());
    let contexts: Vec<_> = calls.iter().map(|_| context.fresh_exchange()).collect();
    let mut bytes = 0;
    for (call, context) in calls.into_iter().zip(&contexts) {
        let result = if bytes < MULTICALL_BYTES {
            entry(room, context, call).await
        } else {
            Err(too_much())
        };
        let result = match result {
            Ok(value) => Value::Array(vec![value]),
            Err(error) => fault(&to_wire(&error)),
        };
        bytes += size(&result);
        results.push(result);
    }
    answered_together(context, &contexts);
    Ok(Value::Array(results))
}

async fn entry(room: &Room, context: &Context, call: Value) -> Result<Value, Error> {
    let mut members = Members::of("call", call)?;
    let name = members.take("methodName", text)?;
    let params = members.take("params", list)?;
    if name == contract::MULTICALL {
        let message = "system.multicall cannot hold itself: send its calls in one list";
        return Err(Error::Unimplemented(message.into()));
    }
    single(room, context, &name, params).await
}

fn too_much() -> Error {
    let message = "the results so far are too large: make this call in another request";
    Error::new(Code::ResourceExhausted, message)
}

fn fault(fault: &Fault) -> Value {
    record_to_wire([
        ("faultCode", Value::Integer(fault.code())),
        ("faultString", Value::String(carriable(fault.string()))),
    ])
}
