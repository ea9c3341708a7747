//! The methods as data: what the strict check of parameters and the OpenRPC document are made of.

use std::sync::LazyLock;

use services::operation::{self, Field, Kind, Operation, Shape};

use super::{DISCOVER, cancel, close, open, send, subscribe, unsubscribe};

/// One method.
#[derive(Debug)]
pub struct Method {
    /// Its name.
    pub name: String,
    /// The operation that it is, or is a part of.
    pub operation: &'static Operation,
    /// Its parameters, in their order.
    pub parameters: &'static [Field],
    /// What it answers.
    pub result: Shape,
    /// What it does, in one sentence.
    pub summary: &'static str,
}

const fn required(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        optional: false,
    }
}

const ID: Field = required("id", Shape::Text);
const SUBSCRIPTION: Field = required("subscription", Shape::Text);

/// The parameters of a method that sends items of that shape.
const fn sending(stream: Field, item: &'static Shape) -> [Field; 3] {
    let seq = required("seq", Shape::Int32);
    [stream, seq, required("items", Shape::List(item))]
}

const READING: Shape = Shape::Record(operation::RECORD_METRICS.parameters);
const SEND_READINGS: &[Field] = &sending(ID, &READING);
const CHUNK: Shape = operation::UPLOAD_FILE.parameters[0].shape;
const SEND_CHUNKS: &[Field] = &sending(ID, &CHUNK);
const MESSAGE: Shape = operation::CHAT.result;
const SEND_MESSAGES: &[Field] = &sending(SUBSCRIPTION, &MESSAGE);

/// Every method but `rpc.discover`, in the contract's order.
#[must_use]
pub fn methods() -> &'static [Method] {
    static METHODS: LazyLock<Vec<Method>> =
        LazyLock::new(|| operation::ALL.into_iter().flat_map(of_operation).collect());
    &METHODS
}

/// The parameters of the method of that name.
#[must_use]
pub fn parameters(name: &str) -> Option<&'static [Field]> {
    if name == DISCOVER {
        return Some(&[]);
    }
    let method = methods().iter().find(|method| method.name == name)?;
    Some(method.parameters)
}

/// What one item of an upload is: an item of one value is that value itself.
#[must_use]
pub fn uploaded(operation: &Operation) -> Shape {
    match operation.parameters {
        [only] => only.shape,
        fields => Shape::Record(fields),
    }
}

/// Whether a record takes no other members than its own. One whose members may all be left out
/// does not: a misspelt one would be a change that nobody notices is not made.
#[must_use]
pub fn is_closed(record: &[Field]) -> bool {
    record.iter().all(|field| field.optional)
}

/// Whether a parameter of these is a secret, so that no error tells what came in its place.
#[must_use]
pub fn has_secret(parameters: &[Field]) -> bool {
    parameters.iter().any(|field| field.name == "senha")
}

fn of_operation(operation: &'static Operation) -> Vec<Method> {
    match operation.kind {
        Kind::Unary => vec![Method {
            name: operation.name.into(),
            operation,
            parameters: operation.parameters,
            result: operation.result,
            summary: operation.summary,
        }],
        Kind::ServerStream => subscription(operation),
        Kind::ClientStream => upload(operation),
        Kind::Bidirectional => exchange(operation),
    }
}

fn subscription(operation: &'static Operation) -> Vec<Method> {
    vec![
        Method {
            name: subscribe(operation.name),
            operation,
            parameters: operation.parameters,
            result: Shape::Text,
            summary: "Opens a stream, over WebSocket only; answers the subscription's id.",
        },
        Method {
            name: unsubscribe(operation.name),
            operation,
            parameters: &[SUBSCRIPTION],
            result: Shape::Boolean,
            summary: "Ends a stream of the same connection; answers whether there was one.",
        },
    ]
}

fn upload(operation: &'static Operation) -> Vec<Method> {
    let part = |name, parameters, result, summary| Method {
        name,
        operation,
        parameters,
        result,
        summary,
    };
    let items = match uploaded(operation) {
        Shape::Bytes => SEND_CHUNKS,
        _ => SEND_READINGS,
    };
    let name = operation.name;
    vec![
        part(
            open(name),
            &[],
            Shape::Text,
            "Opens an upload; answers its id.",
        ),
        part(
            send(name),
            items,
            Shape::Boolean,
            "Sends items under the next sequence number, from 0; a repeated one is ignored.",
        ),
        part(close(name), &[ID], operation.result, operation.summary),
        part(
            cancel(name),
            &[ID],
            Shape::Boolean,
            "Gives the upload up, so that it never counts as whole.",
        ),
    ]
}

fn exchange(operation: &'static Operation) -> Vec<Method> {
    let part = |name, parameters, summary| Method {
        name,
        operation,
        parameters,
        result: Shape::Boolean,
        summary,
    };
    let mut methods = subscription(operation);
    methods.push(part(
        send(operation.name),
        SEND_MESSAGES,
        "Sends items up a stream of the same connection under the next sequence number, from 0; \
            a repeated one is ignored.",
    ));
    methods.push(part(
        close(operation.name),
        &[SUBSCRIPTION],
        "Sends no more: what belongs to the items sent still comes, then the stream ends.",
    ));
    methods
}
