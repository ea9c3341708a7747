//! [`services::Error`] as a JSON-RPC error object, and back, by one table. To change the text of an
//! error that a service gives, look in `services`; what the protocol itself refuses is told in
//! `codec` and `transport`.

use jsonrpsee::types::ErrorObjectOwned;
use serde::{Deserialize, Serialize};
use services::{Code, Error};

/// The text is not JSON: JSON-RPC 2.0, section 5.1.
pub const PARSE_ERROR: i32 = -32700;
/// The JSON is no request: JSON-RPC 2.0, section 5.1.
pub const INVALID_REQUEST: i32 = -32600;

/// Each code of the services and the number that stands for it on the wire.
pub const TABLE: [(Code, i32); 10] = [
    (Code::Unimplemented, -32601),
    (Code::InvalidArgument, -32602),
    (Code::OutOfRange, -32001),
    (Code::NotFound, -32002),
    (Code::AlreadyExists, -32003),
    (Code::ResourceExhausted, -32005),
    (Code::DeadlineExceeded, -32006),
    (Code::Unavailable, -32007),
    (Code::Cancelled, -32008),
    (Code::Internal, -32603),
];

/// An error object. A member `data` is neither written nor read: jsonrpsee would put the caller's
/// own input into it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireError {
    /// The number of the error.
    pub code: i64,
    /// One sentence.
    #[serde(default)]
    pub message: String,
}

impl WireError {
    /// An error object of that number and text.
    pub fn new(code: i32, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
        }
    }
}

impl From<&Error> for WireError {
    fn from(error: &Error) -> Self {
        Self::new(number(error.code()), error.to_string())
    }
}

/// The number of that code.
#[must_use]
pub fn number(code: Code) -> i32 {
    let row = TABLE.iter().find(|(ours, _)| *ours == code);
    row.expect("the table has a row for every code, as a test proves")
        .1
}

/// The error object that a method of jsonrpsee answers.
#[must_use]
pub fn to_wire(error: &Error) -> ErrorObjectOwned {
    ErrorObjectOwned::owned(number(error.code()), error.to_string(), None::<()>)
}

/// The error that an error object means. A number that is not in the table, and the two numbers
/// that only a faulty client can meet, are Internal with number and text kept.
#[must_use]
pub fn from_wire(error: &WireError) -> Error {
    let row = TABLE
        .iter()
        .find(|(_, number)| i64::from(*number) == error.code);
    match row {
        Some((code, _)) => Error::new(*code, error.message.clone()),
        None => Error::new(
            Code::Internal,
            format!(
                "the server answered error {}: {}",
                error.code, error.message
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_survives_the_wire_with_its_text() {
        for code in Code::ALL {
            let error = Error::new(code, "because");
            assert_eq!(from_wire(&WireError::from(&error)), error);
        }
    }

    #[test]
    fn a_foreign_number_is_internal_with_number_and_text() {
        let error = from_wire(&WireError::new(17, "no such luck"));
        assert_eq!(error.code(), Code::Internal);
        assert_eq!(
            error.to_string(),
            "the server answered error 17: no such luck"
        );
    }
}
