//! Greetings.

use serde::{Deserialize, Serialize};

use super::whole;

/// The body of `say_hello` and `say_hello_again`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the members are the contract's")]
pub struct Pid {
    #[serde(deserialize_with = "whole")]
    pub pid: i32,
}
