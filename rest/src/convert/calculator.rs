//! Arithmetic and text.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::whole;

/// The body of `add` and `multiply`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the members are the contract's")]
pub struct Operands {
    #[serde(deserialize_with = "whole")]
    pub a: i32,
    #[serde(deserialize_with = "whole")]
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
    #[serde(deserialize_with = "whole")]
    pub number: i32,
}
