//! The contract as XML-RPC writes it: the names of the methods, and what introspection tells of
//! them. XML-RPC has no stubs and no push; a server stream `X` becomes `X.open`, `X.next` and
//! `X.close`, a client stream `X.open`, `X.send`, `X.close` and `X.cancel`.

use std::sync::LazyLock;

use services::operation::{self, Field, Kind, Operation, Shape};

#[allow(missing_docs, reason = "each is the operation of its name")]
mod names {
    pub const ADD: &str = "add";
    pub const MULTIPLY: &str = "multiply";
    pub const UPPERCASE: &str = "uppercase";
    pub const CUBE: &str = "cube";
    pub const SAY_HELLO: &str = "say_hello";
    pub const SAY_HELLO_AGAIN: &str = "say_hello_again";
    pub const CALCULATE_METRICS: &str = "calculate_metrics";
    pub const GET_SYSTEM_INFO: &str = "get_system_info";
    pub const GET_METRIC: &str = "get_metric";
    pub const CHECK_HEALTH: &str = "check_health";
    pub const STREAM_METRICS: &str = "stream_metrics";
    pub const STREAM_NUMBERS: &str = "stream_numbers";
    pub const RECORD_METRICS: &str = "record_metrics";
}
pub use names::*;

/// Names all methods.
pub const LIST_METHODS: &str = "system.listMethods";
/// Tells the types of one method.
pub const METHOD_SIGNATURE: &str = "system.methodSignature";
/// Tells in words what one method does.
pub const METHOD_HELP: &str = "system.methodHelp";
/// Makes several calls in one request: Eric Kidd's "system.multicall" proposal.
pub const MULTICALL: &str = "system.multicall";

/// What is done with a stream; the wire writes it after the operation and a dot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Opens the stream and gives its id.
    Open,
    /// Gives the items that follow a cursor.
    Next,
    /// Takes items.
    Send,
    /// Ends the stream: true for a server stream, the result for a client stream.
    Close,
    /// Gives an upload up, so that what was sent is never taken for the whole. An addition to the
    /// contract's table: without it only the idle expiry ends such an upload.
    Cancel,
}

impl Step {
    /// Those of a kind of operation, in the order of their use.
    #[must_use]
    pub const fn of(kind: Kind) -> &'static [Self] {
        match kind {
            Kind::Unary => &[],
            Kind::ServerStream => &[Self::Open, Self::Next, Self::Close],
            Kind::ClientStream => &[Self::Open, Self::Send, Self::Close, Self::Cancel],
        }
    }

    /// Its name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Next => "next",
            Self::Send => "send",
            Self::Close => "close",
            Self::Cancel => "cancel",
        }
    }

    /// The method that does this with the stream of that operation.
    #[must_use]
    pub fn method(self, operation: &str) -> String {
        format!("{operation}.{}", self.name())
    }

    /// The streaming operation and the step that a method's name tells.
    #[must_use]
    pub fn named(method: &str) -> Option<(&'static Operation, Self)> {
        let (operation, step) = method.split_once('.')?;
        let operation = Operation::named(operation)?;
        let mut steps = Self::of(operation.kind).iter().copied();
        Some((operation, steps.find(|known| known.name() == step)?))
    }
}

/// What introspection tells of a method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method {
    /// Its name.
    pub name: String,
    /// The type of its result, then those of its parameters, as XML-RPC names types.
    pub signature: Vec<&'static str>,
    /// What it does.
    pub help: String,
}

impl Method {
    fn new(name: impl Into<String>, signature: &[&'static str], help: &str) -> Self {
        Self {
            name: name.into(),
            signature: signature.to_vec(),
            help: help.into(),
        }
    }
}

/// All methods.
pub static METHODS: LazyLock<Vec<Method>> = LazyLock::new(|| {
    let operations = operation::ALL.into_iter().flat_map(methods_of);
    operations.chain(system_methods()).collect()
});

/// The method of that name.
#[must_use]
pub fn method(name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.name == name)
}

fn methods_of(operation: &'static Operation) -> Vec<Method> {
    if operation.kind == Kind::Unary {
        let signature = signature(operation.result, operation.parameters);
        return vec![Method::new(operation.name, &signature, operation.summary)];
    }
    let steps = Step::of(operation.kind).iter();
    steps.map(|&step| step_method(operation, step)).collect()
}

fn step_method(operation: &'static Operation, step: Step) -> Method {
    let uploads = operation.kind == Kind::ClientStream;
    let (signature, help) = match step {
        Step::Open if uploads => (vec!["string"], "Opens an upload and gives its id."),
        Step::Open => (
            signature(Shape::Text, operation.parameters),
            "Opens the stream and gives its id.",
        ),
        Step::Next => (
            vec!["struct", "string", "int", "int"],
            "Of a stream's id, a cursor (0, then what the last answer told) and at most 20000 \
             milliseconds to wait: items, cursor, done.",
        ),
        Step::Send => (
            vec!["boolean", "string", "int", "array"],
            "Takes a stream's id, a number that counts from 0, and items.",
        ),
        Step::Close if uploads => (
            signature(operation.result, &[])
                .into_iter()
                .chain(["string"])
                .collect(),
            "Ends the upload of that id and gives its result.",
        ),
        Step::Close => (vec!["boolean", "string"], "Ends the stream of that id."),
        Step::Cancel => (vec!["boolean", "string"], "Gives the upload of that id up."),
    };
    let help = format!("{} {help}", operation.summary);
    Method::new(step.method(operation.name), &signature, &help)
}

fn system_methods() -> [Method; 4] {
    [
        Method::new(LIST_METHODS, &["array"], "Names all methods."),
        Method::new(
            METHOD_SIGNATURE,
            &["array", "string"],
            "The signatures of a method: each the type of the result, then those of the parameters.",
        ),
        Method::new(METHOD_HELP, &["string", "string"], "What a method does."),
        Method::new(
            MULTICALL,
            &["array", "array"],
            "Makes up to 1000 calls, each a struct of methodName and params; gives for each an \
             array of its one result, or a fault as a struct.",
        ),
    ]
}

fn signature(result: Shape, parameters: &[Field]) -> Vec<&'static str> {
    let parameters = parameters.iter().map(|field| type_name(field.shape));
    [type_name(result)].into_iter().chain(parameters).collect()
}

const fn type_name(shape: Shape) -> &'static str {
    match shape {
        Shape::Int32 => "int",
        Shape::Double => "double",
        Shape::Text => "string",
        Shape::Boolean => "boolean",
        Shape::Timestamp => "dateTime.iso8601",
        Shape::List(_) => "array",
        Shape::Record(_) => "struct",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_its_methods() {
        for operation in operation::ALL {
            match operation.kind {
                Kind::Unary => assert!(method(operation.name).is_some(), "{}", operation.name),
                kind => {
                    for step in Step::of(kind) {
                        let name = step.method(operation.name);
                        assert_eq!(Step::named(&name), Some((operation, *step)));
                        assert!(method(&name).is_some(), "{name}");
                    }
                }
            }
        }
    }

    #[test]
    fn signatures_tell_result_and_parameters() {
        let told = |name: &str| method(name).expect(name).signature.join(" ");
        assert_eq!(told(ADD), "int int int");
        assert_eq!(told(CALCULATE_METRICS), "struct array array");
        assert_eq!(told("stream_numbers.open"), "string int int");
        assert_eq!(told("record_metrics.close"), "struct string");
    }
}
