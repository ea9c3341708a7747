//! Greetings.

use super::{Field, Operation, Shape, field, unary};

const PID: &[Field] = &[field("pid", Shape::Int32)];

/// See [`Greeter::say_hello`](crate::Greeter::say_hello).
pub static SAY_HELLO: Operation = unary(
    "greeter",
    "say_hello",
    PID,
    Shape::Text,
    "A greeting to the process of that number.",
);

/// See [`Greeter::say_hello_again`](crate::Greeter::say_hello_again).
pub static SAY_HELLO_AGAIN: Operation = unary(
    "greeter",
    "say_hello_again",
    PID,
    Shape::Text,
    "A second greeting to the process of that number.",
);
