//! Greetings.

use serde::{Deserialize, Serialize};

/// The body of `say_hello` and `say_hello_again`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the members are the contract's")]
pub struct Pid {
    pub pid: i32,
}
