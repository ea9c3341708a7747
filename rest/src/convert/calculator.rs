//! Arithmetic and text.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// The body of `add` and `multiply`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the members are the contract's")]
pub struct Operands {
    pub a: i32,
    pub b: i32,
}

/// The body of `uppercase`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the members are the contract's")]
pub struct Text<'a> {
    pub text: Cow<'a, str>,
}

/// The body of `cube`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the members are the contract's")]
pub struct Number {
    pub number: i32,
}
