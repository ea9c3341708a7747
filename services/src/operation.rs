//! The operations as data: what introspection, OpenRPC, OpenAPI and the command line tell of them.
//! The signatures that the compiler checks are in [`backend`](crate::backend).

mod calculator;
mod chat;
mod files;
mod greeter;
mod metrics;
mod numbers;
mod users;
mod usuarios;

pub use calculator::*;
pub use chat::*;
pub use files::*;
pub use greeter::*;
pub use metrics::*;
pub use numbers::*;
pub use users::*;
pub use usuarios::*;

/// One operation of the contract.
#[derive(Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its flat name, the same over every protocol that has flat names.
    pub name: &'static str,
    /// Its service, in lower case.
    pub service: &'static str,
    /// Which side streams.
    pub kind: Kind,
    /// Whether a caller who does not know if a call was done may send it again.
    pub repeat: Repeat,
    /// Its parameters, in the order of positional protocols. A client stream's are those of one
    /// item, a bidirectional one's those of its opening.
    pub parameters: &'static [Field],
    /// Its result; a server stream's is that of one item. A bidirectional one's items have this
    /// shape both ways.
    pub result: Shape,
    /// What it does, in one sentence.
    pub summary: &'static str,
}

/// Which side of a call is a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Neither.
    Unary,
    /// The answer.
    ServerStream,
    /// The question.
    ClientStream,
    /// Both.
    Bidirectional,
}

// region: repeat
/// Whether a call may be sent twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Twice is as good as once.
    Safe,
    /// Twice may do the work twice.
    Unsafe,
}
// endregion: repeat

/// A named value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name on every wire that names values.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// Whether it may be left out. Only last parameters are.
    pub optional: bool,
}

/// What a value holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// An integer of 32 bits, signed.
    Int32,
    /// An integer from 0 to 2⁵³, which every protocol's double holds exactly.
    Integer,
    /// A finite IEEE 754 double; integers are welcome.
    Double,
    /// Unicode text.
    Text,
    /// True or false.
    Boolean,
    /// Bytes; protocols of text write them in Base64.
    Bytes,
    /// Seconds since 1970-01-01T00:00:00Z; protocols write it in their own way.
    Timestamp,
    /// Any number of one shape.
    List(&'static Shape),
    /// Named values.
    Record(&'static [Field]),
}

const fn field(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        optional: false,
    }
}

const fn optional(name: &'static str, shape: Shape) -> Field {
    Field {
        optional: true,
        ..field(name, shape)
    }
}

const fn unary(
    service: &'static str,
    name: &'static str,
    parameters: &'static [Field],
    result: Shape,
    summary: &'static str,
) -> Operation {
    Operation {
        name,
        service,
        kind: Kind::Unary,
        repeat: Repeat::Safe,
        parameters,
        result,
        summary,
    }
}

/// Every operation, in the contract's order.
pub static ALL: [&Operation; 24] = [
    &ADD,
    &MULTIPLY,
    &UPPERCASE,
    &CUBE,
    &SAY_HELLO,
    &SAY_HELLO_AGAIN,
    &CALCULATE_METRICS,
    &GET_SYSTEM_INFO,
    &GET_METRIC,
    &STREAM_METRICS,
    &RECORD_METRICS,
    &CHECK_HEALTH,
    &STREAM_NUMBERS,
    &CREATE_USER,
    &GET_USER,
    &LIST_USERS,
    &UPDATE_USER,
    &DELETE_USER,
    &CRIAR_USUARIO,
    &OBTER_USUARIOS,
    &UPLOAD_FILE,
    &CHAT,
    &POST_MESSAGE,
    &LIST_PARTICIPANTS,
];

impl Operation {
    /// The operation of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.into_iter().find(|operation| operation.name == name)
    }
}
