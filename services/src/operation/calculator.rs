//! Arithmetic and text.

use super::{Field, Operation, Shape, field, unary};

const OPERANDS: &[Field] = &[field("a", Shape::Int32), field("b", Shape::Int32)];

/// See [`Calculator::add`](crate::Calculator::add).
pub static ADD: Operation = unary(
    "calculator",
    "add",
    OPERANDS,
    Shape::Int32,
    "The sum of two integers.",
);

/// See [`Calculator::multiply`](crate::Calculator::multiply).
pub static MULTIPLY: Operation = unary(
    "calculator",
    "multiply",
    OPERANDS,
    Shape::Int32,
    "The product of two integers.",
);

/// See [`Calculator::uppercase`](crate::Calculator::uppercase).
pub static UPPERCASE: Operation = unary(
    "calculator",
    "uppercase",
    &[field("text", Shape::Text)],
    Shape::Text,
    "The text in upper case.",
);

/// See [`Calculator::cube`](crate::Calculator::cube).
pub static CUBE: Operation = unary(
    "calculator",
    "cube",
    &[field("number", Shape::Int32)],
    Shape::Int32,
    "The third power of an integer.",
);
