//! [`services::Error`] as a fault, and back, by one table. To change the text of an error that a
//! service gives, look in `services`; what the protocol itself refuses is told in `codec`.

use dxr::Fault;
use services::{Code, Error};

use crate::codec::{Class, DecodeError};

/// The fault code of each error. Those below -32300 are of the "Specification for Fault Code
/// Interoperability"; -32001 to -32099 are free for applications, as in JSON-RPC.
pub static TABLE: [(Code, i32); 10] = [
    (Code::InvalidArgument, -32602),
    (Code::OutOfRange, -32001),
    (Code::NotFound, -32002),
    (Code::AlreadyExists, -32003),
    (Code::ResourceExhausted, -32005),
    (Code::DeadlineExceeded, -32006),
    (Code::Cancelled, -32008),
    (Code::Unimplemented, -32601),
    (Code::Unavailable, -32300),
    (Code::Internal, -32603),
];

/// The fault that tells an error. Its cause stays at the server.
#[must_use]
pub fn to_wire(error: &Error) -> Fault {
    let (_, fault_code) = TABLE
        .into_iter()
        .find(|(code, _)| *code == error.code())
        .expect("the table has every code, as a test proves");
    Fault::new(fault_code, error.to_string())
}

/// The error that a fault tells. One that is not in the table is Internal, with its code in the
/// text: Python's servers answer whatever fails with 1.
///
/// ```
/// let fault = dxr::Fault::new(1, "<class 'ValueError'>:no".into());
/// let error = xmlrpc::error::from_wire(&fault);
/// assert_eq!(error.code(), services::Code::Internal);
/// assert_eq!(error.to_string(), "fault 1: <class 'ValueError'>:no");
/// ```
#[must_use]
pub fn from_wire(fault: &Fault) -> Error {
    let known = TABLE
        .into_iter()
        .find(|(_, fault_code)| *fault_code == fault.code());
    match known {
        Some((code, _)) => Error::new(code, fault.string()),
        None => {
            let message = format!("fault {}: {}", fault.code(), fault.string());
            Error::new(Code::Internal, message)
        }
    }
}

/// The fault for a document that cannot be read: position and reason, nothing of its text.
#[must_use]
pub fn unreadable(error: &DecodeError) -> Fault {
    Fault::new(error.class.fault_code(), error.to_string())
}

/// The fault for a document that is XML-RPC and asks for what no request may.
#[must_use]
pub fn invalid_request(reason: impl Into<String>) -> Fault {
    Fault::new(Class::Request.fault_code(), reason.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_goes_there_and_back_with_its_text() {
        for code in Code::ALL {
            let error = Error::new(code, format!("the text of {code}"));
            assert_eq!(from_wire(&to_wire(&error)), error);
        }
    }

    #[test]
    fn a_request_that_the_server_could_not_read_is_a_fault_of_the_client() {
        let error = from_wire(&invalid_request("two values"));
        assert_eq!(
            error,
            Error::new(Code::Internal, "fault -32600: two values")
        );
    }
}
