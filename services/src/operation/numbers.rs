//! Streams of numbers.

use super::{Kind, Operation, Shape, field, unary};

/// See [`Numbers::stream_numbers`](crate::Numbers::stream_numbers).
pub static STREAM_NUMBERS: Operation = Operation {
    kind: Kind::ServerStream,
    ..unary(
        "numbers",
        "stream_numbers",
        &[field("start", Shape::Int32), field("end", Shape::Int32)],
        Shape::Record(&[field("number", Shape::Int32), field("message", Shape::Text)]),
        "Every number of a range, with its square told.",
    )
};
