//! The contract as XML-RPC writes it: the names of the methods, and what introspection tells of
//! them. XML-RPC has no stubs and no push; a server stream `X` becomes `X.open`, `X.next` and
//! `X.close`, a client stream `X.open`, `X.send`, `X.close` and `X.cancel`, the chat all of these.

use std::sync::LazyLock;

use services::operation::{self, Field, Kind, Operation, Shape};

#[allow(missing_docs, reason = "each is the operation of its name")]
mod names {
    // region: add
    pub const ADD: &str = "add";
    // endregion: add
    pub const MULTIPLY: &str = "multiply";
    pub const UPPERCASE: &str = "uppercase";
    pub const CUBE: &str = "cube";
    pub const SAY_HELLO: &str = "say_hello";
    pub const SAY_HELLO_AGAIN: &str = "say_hello_again";
    pub const CALCULATE_METRICS: &str = "calculate_metrics";
    pub const GET_SYSTEM_INFO: &str = "get_system_info";
    pub const GET_METRIC: &str = "get_metric";
    pub const STREAM_METRICS: &str = "stream_metrics";
    pub const RECORD_METRICS: &str = "record_metrics";
    pub const CHECK_HEALTH: &str = "check_health";
    pub const STREAM_NUMBERS: &str = "stream_numbers";
    pub const CREATE_USER: &str = "create_user";
    pub const GET_USER: &str = "get_user";
    pub const LIST_USERS: &str = "list_users";
    pub const UPDATE_USER: &str = "update_user";
    pub const DELETE_USER: &str = "delete_user";
    pub const CRIAR_USUARIO: &str = "criar_usuario";
    pub const OBTER_USUARIOS: &str = "obter_usuarios";
    pub const UPLOAD_FILE: &str = "upload_file";
    pub const CHAT: &str = "chat";
    pub const POST_MESSAGE: &str = "post_message";
    pub const LIST_PARTICIPANTS: &str = "list_participants";
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
    /// Ends the stream: true for a server stream, the result for a client stream. Of a chat it ends
    /// what goes up: what comes down goes on to the last line that was sent.
    Close,
    /// Gives an upload up, so that what was sent is never taken for the whole, or leaves a chat at
    /// once. An addition to the contract's table: without it only the idle expiry ends such a
    /// stream.
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
            Kind::Bidirectional => &[
                Self::Open,
                Self::Next,
                Self::Send,
                Self::Close,
                Self::Cancel,
            ],
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
    /// For each number of parameters that it takes: the type of its result, then those of the
    /// parameters, as XML-RPC names types.
    pub signatures: Vec<Signature>,
    /// What it does.
    pub help: String,
}

/// The type of a result, then those of the parameters.
pub type Signature = Vec<&'static str>;

impl Method {
    fn new(name: impl Into<String>, signatures: Vec<Signature>, help: &str) -> Self {
        Self {
            name: name.into(),
            signatures,
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
        let signatures = signatures(operation.result, operation.parameters);
        return vec![Method::new(operation.name, signatures, operation.summary)];
    }
    let steps = Step::of(operation.kind).iter();
    steps.map(|&step| step_method(operation, step)).collect()
}

fn step_method(operation: &'static Operation, step: Step) -> Method {
    let signatures = step_signatures(operation, step);
    let help = format!("{} {}", operation.summary, step_help(operation.kind, step));
    Method::new(step.method(operation.name), signatures, &help)
}

fn step_signatures(operation: &'static Operation, step: Step) -> Vec<Signature> {
    let uploads = operation.kind == Kind::ClientStream;
    match step {
        Step::Open if uploads => signatures(Shape::Text, &[]),
        Step::Open => signatures(Shape::Text, operation.parameters),
        Step::Next => vec![vec!["struct", "string", "int", "int"]],
        Step::Send => vec![vec!["boolean", "string", "int", "array"]],
        Step::Close if uploads => vec![vec![type_name(operation.result), "string"]],
        Step::Close | Step::Cancel => vec![vec!["boolean", "string"]],
    }
}

const fn step_help(kind: Kind, step: Step) -> &'static str {
    match (step, kind) {
        (Step::Open, Kind::ClientStream) => "Opens an upload and gives its id.",
        (Step::Open, _) => "Opens the stream and gives its id.",
        (Step::Next, _) => {
            "Of a stream's id, a cursor (0, then what the last answer told) and at most 20000 \
             milliseconds to wait: items, cursor, done."
        }
        (Step::Send, _) => "Takes a stream's id, a number that counts from 0, and items.",
        (Step::Close, Kind::ClientStream) => "Ends the upload of that id and gives its result.",
        (Step::Close, Kind::Bidirectional) => {
            "Ends what goes up: what comes down ends behind the last line that was sent."
        }
        (Step::Close, _) => "Ends the stream of that id.",
        (Step::Cancel, Kind::Bidirectional) => "Leaves the stream of that id at once.",
        (Step::Cancel, _) => "Gives the upload of that id up.",
    }
}

fn system_methods() -> [Method; 4] {
    let system =
        |name, signature: &[&'static str], help| Method::new(name, vec![signature.to_vec()], help);
    [
        system(LIST_METHODS, &["array"], "Names all methods."),
        system(
            METHOD_SIGNATURE,
            &["array", "string"],
            "The signatures of a method: each the type of the result, then those of the parameters.",
        ),
        system(METHOD_HELP, &["string", "string"], "What a method does."),
        system(
            MULTICALL,
            &["array", "array"],
            "Makes up to 1000 calls, each a struct of methodName and params; gives for each an \
             array of its one result, or a fault as a struct.",
        ),
    ]
}

/// One for each number of parameters: the optional ones are the last, and may be left out.
fn signatures(result: Shape, parameters: &[Field]) -> Vec<Signature> {
    let required = parameters.iter().filter(|field| !field.optional).count();
    let signature = |count| {
        let parameters = parameters[..count].iter();
        let parameters = parameters.map(|field| type_name(field.shape));
        [type_name(result)].into_iter().chain(parameters).collect()
    };
    (required..=parameters.len()).map(signature).collect()
}

/// An integer past 32 bits goes as a double, which introspection cannot say.
const fn type_name(shape: Shape) -> &'static str {
    match shape {
        Shape::Int32 | Shape::Integer => "int",
        Shape::Double => "double",
        Shape::Text => "string",
        Shape::Boolean => "boolean",
        Shape::Bytes => "base64",
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
        let told = |name: &str| {
            let signatures = &method(name).expect(name).signatures;
            let signatures = signatures.iter().map(|types| types.join(" "));
            signatures.collect::<Vec<_>>()
        };
        assert_eq!(told(ADD), ["int int int"]);
        assert_eq!(told(CALCULATE_METRICS), ["struct array array"]);
        assert_eq!(told("stream_numbers.open"), ["string int int"]);
        assert_eq!(told("record_metrics.close"), ["struct string"]);
        assert_eq!(told("upload_file.open"), ["string"]);
        assert_eq!(told("chat.close"), ["boolean string"]);
    }

    #[test]
    fn a_parameter_that_may_be_left_out_makes_two_signatures() {
        let told = &method("chat.open").expect("chat is a stream").signatures;
        let wanted = [
            vec!["string"],
            vec!["string", "string"],
            vec!["string", "string", "int"],
        ];
        assert_eq!(told[..], wanted);
    }
}
